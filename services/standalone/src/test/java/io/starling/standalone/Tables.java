package io.starling.standalone;

import io.starling.embedded.EmbeddedDatabase;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every row of every table of the server, as JSON.
 *
 * @param rows by schema and name of the table
 */
record Tables(Map<String, Set<String>> rows) {
  private static final String NAMES =
      """
      SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables
      WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
      ORDER BY 1
      """;

  /** A row of a table. */
  record Row(String table, JsonObject values) {}

  /** As they are now. */
  static Tables of(EmbeddedDatabase database) {
    try (var connection = DriverManager.getConnection(database.jdbcUrl())) {
      var rows = new LinkedHashMap<String, Set<String>>();
      for (String table : texts(connection, NAMES)) {
        rows.put(
            table,
            new LinkedHashSet<>(
                texts(connection, "SELECT to_jsonb(t)::text FROM " + table + " t")));
      }
      return new Tables(rows);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> texts(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (found.next()) {
        texts.add(found.getString(1));
      }
      return texts;
    }
  }

  /** Those that these have and the others do not. */
  List<Row> beside(Tables others) {
    return rows.entrySet().stream()
        .flatMap(
            table ->
                table.getValue().stream()
                    .filter(
                        row -> !others.rows().getOrDefault(table.getKey(), Set.of()).contains(row))
                    .map(row -> new Row(table.getKey(), new JsonObject(row))))
        .toList();
  }

  /** All of them. */
  List<Row> all() {
    return beside(new Tables(Map.of()));
  }
}
