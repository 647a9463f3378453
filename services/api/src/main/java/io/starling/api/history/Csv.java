package io.starling.api.history;

import java.util.List;

/**
 * Lines of comma-separated values (RFC 4180). A text that a spreadsheet would take for a formula
 * begins with an apostrophe instead, so that opening an export runs nothing of what a device said.
 */
public final class Csv {
  private static final String FORMULA = "=+-@\t\r";
  private static final String NUMBER = "[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?";

  private Csv() {}

  /** One line, with its end. */
  public static String line(List<String> values) {
    var line = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      append(line.append(i == 0 ? "" : ","), values.get(i));
    }
    return line.append("\r\n").toString();
  }

  private static void append(StringBuilder line, String value) {
    String safe = isFormula(value) ? "'" + value : value;
    if (safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
      line.append(safe);
    } else {
      line.append('"').append(safe.replace("\"", "\"\"")).append('"');
    }
  }

  /** A plain number may have a sign. */
  private static boolean isFormula(String value) {
    return !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0 && !value.matches(NUMBER);
  }
}
