package io.starling.standalone;

import io.starling.embedded.EmbeddedDatabase;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The events that are rows. */
final class Rows {
  private Rows() {}

  /** The payloads of all events with this name, in the order in which each origin made them. */
  static List<String> payloads(EmbeddedDatabase database, String name) {
    try (var connection = DriverManager.getConnection(database.jdbcUrl());
        var query =
            connection.prepareStatement(
                "SELECT data FROM relay.event WHERE name = ? ORDER BY origin_id, epoch, sequence")) {
      query.setString(1, name);
      var found = query.executeQuery();
      var payloads = new ArrayList<String>();
      while (found.next()) {
        payloads.add(new String(found.getBytes(1), StandardCharsets.UTF_8));
      }
      return payloads;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
