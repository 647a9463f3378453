package io.starling.relay.retention;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A day of a tree.
 *
 * @param tree how many days its events are kept; 0 as long as the service says
 */
public record Partition(int tree, LocalDate day) {
  private static final Pattern NAME = Pattern.compile("event_(?:([0-9]{1,3})_)?([0-9]{8})");
  private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

  /** The one of this name; empty for a table that is none. */
  static Optional<Partition> named(String table) {
    var matcher = NAME.matcher(table);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      int tree =
          matcher.group(1) == null ? RetentionRules.DEFAULT : Integer.parseInt(matcher.group(1));
      return Optional.of(new Partition(tree, LocalDate.parse(matcher.group(2), DAY)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Its table. */
  String table() {
    return (tree == RetentionRules.DEFAULT ? "event_" : "event_" + tree + "_") + DAY.format(day);
  }
}
