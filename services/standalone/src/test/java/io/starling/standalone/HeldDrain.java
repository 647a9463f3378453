package io.starling.standalone;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Holds up the drain of events into the database, as long as this is open, by a lock on its
 * cursors: events are acknowledged and do not become rows. Then it may make a mutant of the server,
 * one that forgets where it was.
 */
final class HeldDrain implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Ordinary events: that devices come and go is another class. */
  private static final String COUNT = "SELECT count(*) FROM relay.event WHERE class = 1";

  /** Of ordinary events only: others have connections to the database as well. */
  private static final String LOCK = "SELECT 1 FROM relay.cursor WHERE class = 1 FOR UPDATE";

  private static final String MOVE =
      "UPDATE relay.cursor SET \"index\" = \"index\" + ? WHERE class = 1";

  private final Connection connection;

  private HeldDrain(Connection connection) {
    this.connection = connection;
  }

  /** Holds the drain from the moment when further events have become rows. */
  static HeldDrain whenRowsCome(String jdbcUrl) throws SQLException {
    var connection = DriverManager.getConnection(jdbcUrl);
    var before = ask(connection, COUNT);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> ask(connection, COUNT) > before);
    connection.setAutoCommit(false);
    var _ = ask(connection, LOCK);
    return new HeldDrain(connection);
  }

  private static long ask(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery(query)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Moves every cursor on by so many entries of the journal, and lets go of it. */
  void forget(int entries) {
    try (var move = connection.prepareStatement(MOVE)) {
      move.setInt(1, entries);
      var _ = move.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
