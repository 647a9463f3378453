package io.starling.standalone.operator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** JSON for eyes: columns, or lines of names and values. What is not there is a hyphen. */
final class Table {
  private Table() {}

  /** A line for each, below the names of the fields. */
  static String of(JsonArray rows, String... fields) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(Arrays.stream(fields).map(field -> field.toUpperCase(Locale.ROOT)).toList());
    for (Object row : rows) {
      lines.add(Arrays.stream(fields).map(field -> text((JsonObject) row, field)).toList());
    }
    return lines(lines);
  }

  /** A line for each field; for all of them if none are told. */
  static String of(JsonObject row, String... fields) {
    var names = fields.length == 0 ? row.fieldNames() : Arrays.asList(fields);
    return lines(names.stream().map(field -> List.of(field, text(row, field))).toList());
  }

  private static String text(JsonObject row, String field) {
    Object value = row.getValue(field);
    // Names of devices are anybody's: nothing of them may steer a terminal.
    return value == null || value.toString().isEmpty()
        ? "-"
        : value.toString().replaceAll("\\p{Cntrl}", "?");
  }

  private static String lines(List<List<String>> lines) {
    int columns = lines.isEmpty() ? 0 : lines.getFirst().size();
    int[] widths = new int[columns];
    for (var line : lines) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream().map(line -> line(line, widths) + "\n").collect(Collectors.joining());
  }

  private static String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).repeat(" ", widths[i] - cells.get(i).length() + 2);
    }
    return line.toString().stripTrailing();
  }
}
