package io.starling.testing.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured: a value of each metric from each repetition. For one thread. */
final class Results {
  private final Map<Metric, List<Double>> values = new EnumMap<>(Metric.class);

  void add(Metric metric, double value) {
    values.computeIfAbsent(metric, _ -> new ArrayList<>()).add(value);
  }

  void add(Metric metric, long value) {
    add(metric, (double) value);
  }

  /** Keeps the highest value of the whole run only. */
  void worst(Metric metric, double value) {
    values.merge(
        metric,
        new ArrayList<>(List.of(value)),
        (old, fresh) -> old.getFirst() >= fresh.getFirst() ? old : fresh);
  }

  /** The median so far; fails when there is no value. */
  double median(Metric metric) {
    var sorted = sorted(metric);
    var middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /** The value of the last repetition; fails when there is none. */
  double last(Metric metric) {
    return values.getOrDefault(metric, List.of()).getLast();
  }

  boolean has(Metric metric) {
    return values.containsKey(metric);
  }

  /** A line for each metric that was measured. */
  String table() {
    var text = new StringBuilder();
    text.append("%-58s %12s %12s %12s  %s%n".formatted("", "median", "lowest", "highest", "goal"));
    for (var metric : values.keySet()) {
      var sorted = sorted(metric);
      text.append(
          "%-58s %12s %12s %12s  %s%n"
              .formatted(
                  metric.title() + (metric.unit().isEmpty() ? "" : ", " + metric.unit()),
                  number(median(metric)),
                  number(sorted.getFirst()),
                  number(sorted.getLast()),
                  goal(metric)));
    }
    return text.toString();
  }

  JsonObject json() {
    var json = new JsonObject();
    for (var metric : values.keySet()) {
      var entry =
          new JsonObject()
              .put("title", metric.title().strip())
              .put("unit", metric.unit())
              .put("median", median(metric))
              .put("values", new JsonArray(new ArrayList<Object>(values.get(metric))));
      metric.goal().ifPresent(goal -> entry.put("atMost", goal));
      json.put(metric.name().toLowerCase(Locale.ROOT), entry);
    }
    return json;
  }

  private String goal(Metric metric) {
    return metric
        .goal()
        .map(g -> "<= " + number(g) + (median(metric) <= g ? "  met" : "  MISSED"))
        .orElse("");
  }

  private List<Double> sorted(Metric metric) {
    return values.getOrDefault(metric, List.of()).stream().sorted().toList();
  }

  private static String number(double value) {
    var digits = Math.abs(value) >= 1_000 ? "%,.0f" : Math.abs(value) >= 100 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, digits, value);
  }
}
