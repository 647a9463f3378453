package io.starling.testing.device;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The ledgers of the virtual device: what it asks, what it reports, and what it is told. For one
 * event loop.
 */
final class DemoLedgers {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
  private static final String PREFIX = "$cloud/ledger/";

  private final List<String> asked;
  private final Map<String, String> reports;

  /** By ledger, as it was told last. */
  private final Map<String, Long> versions = new HashMap<>();

  /**
   * Ledgers by their names.
   *
   * @param asked whose states the device wants
   * @param reports JSON objects that it tells
   * @throws IllegalArgumentException if they are none
   */
  DemoLedgers(List<String> asked, Map<String, String> reports) {
    Stream.concat(asked.stream(), reports.keySet().stream()).forEach(DemoLedgers::check);
    reports.forEach(
        (name, json) -> {
          try {
            var _ = new JsonObject(json);
          } catch (DecodeException e) {
            throw new IllegalArgumentException("--report " + name + " is no JSON object", e);
          }
        });
    this.asked = List.copyOf(asked);
    this.reports = Map.copyOf(reports);
  }

  private static void check(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of a ledger");
    }
  }

  /** What is published: where, what, and a line for the person who watches. */
  record Message(String topic, String payload, String line) {}

  /** What a device that connects has to say. */
  List<Message> atConnect() {
    var all = asked.stream().map(this::question);
    var told =
        reports.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                it ->
                    new Message(
                        PREFIX + it.getKey() + "/report",
                        it.getValue(),
                        "reported to ledger " + it.getKey()));
    return Stream.concat(all, told).toList();
  }

  /** With the version that it has: the same is not told again. */
  private Message question(String name) {
    var version = versions.get(name);
    return new Message(
        PREFIX + name + "/get",
        version == null ? "" : new JsonObject().put("version", version).encode(),
        "asked for ledger " + name);
  }

  /** A line for what the device is told; empty for everything else. */
  Optional<String> told(String topic, String payload) {
    var levels = topic.split("/", -1);
    if (!topic.startsWith(PREFIX) || levels.length != 4) {
      return Optional.empty();
    }
    String name = levels[2];
    return switch (levels[3]) {
      case "refused" -> Optional.of("ledger %s: refused, %s".formatted(name, payload));
      case "set" -> Optional.of(state(name, payload));
      default -> Optional.empty();
    };
  }

  private String state(String name, String payload) {
    var state = new JsonObject(payload);
    long version = state.getLong("version", 0L);
    versions.put(name, version);
    return state.containsKey("data")
        ? "ledger %s is %s (version %d)".formatted(name, state.getJsonObject("data"), version)
        : "ledger %s is still of version %d".formatted(name, version);
  }
}
