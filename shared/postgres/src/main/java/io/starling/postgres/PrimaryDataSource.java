package io.starling.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** JDBC connections to one server that each prove, before use, that it is the primary of a term. */
final class PrimaryDataSource extends PGSimpleDataSource {
  private static final long serialVersionUID = 1L;

  /** A migration may rewrite a table; a lost server must be noticed all the same. */
  private static final Duration STATEMENT_LIMIT = Duration.ofMinutes(10);

  private static final String TIMELINE =
      "select pg_walfile_name(pg_current_wal_lsn()), to_regclass('starling.term') is not null";

  private final Term term;

  PrimaryDataSource(Candidate candidate, Term term, Duration connectTimeout) {
    this.term = term;
    setUrl(candidate.jdbcUrl());
    setUser(candidate.user());
    setPassword(candidate.password());
    setApplicationName("starling-migrations");
    setConnectTimeout((int) Math.max(1, connectTimeout.toSeconds()));
    setSocketTimeout((int) STATEMENT_LIMIT.plusMinutes(1).toSeconds());
    setOptions("-c statement_timeout=" + STATEMENT_LIMIT.toMillis());
    setTargetServerType("primary");
    setTcpKeepAlive(true);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return getConnection(getUser(), getPassword());
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    Connection connection = super.getConnection(user, password);
    try {
      Term found = term(connection);
      if (!found.equals(term)) {
        throw new SQLException("the server is in term %s, not %s".formatted(found, term), "25006");
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static Term term(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      long timeline;
      boolean restorable;
      try (ResultSet self = statement.executeQuery(TIMELINE)) {
        self.next();
        timeline = Standing.timeline(self.getString(1));
        restorable = self.getBoolean(2);
      }
      if (!restorable) {
        return new Term(0, timeline);
      }
      try (ResultSet rows = statement.executeQuery(Standing.RESTORES)) {
        return new Term(rows.next() ? rows.getLong(1) : 0, timeline);
      }
    }
  }
}
