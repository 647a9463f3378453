package io.starling.embedded.pair;

import io.starling.embedded.DetachedServer;
import io.starling.embedded.pair.Answer.Busy;
import io.starling.embedded.pair.Answer.Follower;
import io.starling.embedded.pair.Answer.ReadOnly;
import io.starling.embedded.pair.Answer.Silent;
import io.starling.embedded.pair.Answer.Writable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one server, each time over a connection of its own: one that is kept open would go on
 * answering when nobody else can connect any more.
 *
 * @param other the name of the other server, as it makes itself known to a primary
 */
record Probe(DetachedServer server, String other) {
  private static final int LIMIT_SECONDS = 2;
  private static final String TOO_MANY_CONNECTIONS = "53300";
  private static final String WHO =
      """
      select not pg_is_in_recovery(),
             current_setting('synchronous_standby_names') <> '',
             case when not pg_is_in_recovery()
                  then pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint end,
             f.state, f.sync_state, coalesce(pg_wal_lsn_diff(f.flush_lsn, '0/0'), 0)::bigint
      from (values (1)) as one
      left join pg_stat_replication f on f.application_name = ?
      order by f.backend_start desc nulls last
      limit 1
      """;

  /** Work on a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Asks who it is; a frozen server is silent after some seconds. */
  Answer ask() {
    if (!server.isRunning()) {
      return new Silent("its process is gone");
    }
    try {
      return connected(LIMIT_SECONDS, this::who);
    } catch (SQLException e) {
      return TOO_MANY_CONNECTIONS.equals(e.getSQLState())
          ? new Busy()
          : new Silent(String.valueOf(e.getMessage()));
    }
  }

  /**
   * @param limitSeconds for each answer
   */
  <T> T connected(int limitSeconds, Work<T> work) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("connectTimeout", Integer.toString(LIMIT_SECONDS));
    properties.setProperty("loginTimeout", Integer.toString(LIMIT_SECONDS));
    properties.setProperty("socketTimeout", Integer.toString(limitSeconds));
    properties.setProperty("ApplicationName", "starling-warden");
    try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), properties)) {
      return work.on(connection);
    }
  }

  /** Runs statements one by one, outside of a transaction. */
  void execute(int limitSeconds, String... statements) throws SQLException {
    int _ =
        connected(
            limitSeconds,
            connection -> {
              for (String sql : statements) {
                try (var statement = connection.createStatement()) {
                  statement.execute(sql);
                }
              }
              return statements.length;
            });
  }

  private Answer who(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(WHO)) {
      statement.setString(1, other);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getBoolean(1)
            ? new Writable(row.getBoolean(2), row.getLong(3), follower(row))
            : new ReadOnly();
      }
    }
  }

  private static @Nullable Follower follower(ResultSet row) throws SQLException {
    String state = row.getString(4);
    return state == null
        ? null
        : new Follower(state.equals("streaming"), "sync".equals(row.getString(5)), row.getLong(6));
  }
}
