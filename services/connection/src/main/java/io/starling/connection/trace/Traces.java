package io.starling.connection.trace;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The traces of one node, which all its gateways look at. Thread-safe. */
public final class Traces {
  static final int MOST = 4;

  private static final int MAX_TEXT = 512;

  private final String node;
  private final InstantSource clock;
  private volatile boolean on;
  private volatile List<Trace> running = List.of();

  /** None are under way. */
  public Traces(String node, InstantSource clock) {
    this.node = node;
    this.clock = clock;
  }

  /** Tells whether somebody wants to see anything at all. */
  boolean isOn() {
    return on;
  }

  /**
   * Begins a trace.
   *
   * @return false if there are too many
   */
  synchronized boolean begin(Trace trace) {
    if (running.size() >= MOST) {
      return false;
    }
    var more = new ArrayList<>(running);
    more.add(trace);
    running = List.copyOf(more);
    on = true;
    return true;
  }

  /** Ends a trace; once more changes nothing. */
  synchronized void end(Trace trace) {
    running = running.stream().filter(one -> one != trace).toList();
    on = !running.isEmpty();
  }

  void see(String gateway, Sighting seen) {
    Supplier<String> line = () -> line(gateway, seen);
    for (var trace : running) {
      trace.see(seen, line);
    }
  }

  private String line(String gateway, Sighting seen) {
    var json =
        stamped()
            .put("gateway", gateway)
            .put("client", cut(seen.client()))
            .put("direction", seen.in() ? "in" : "out")
            .put("type", seen.type());
    if (seen.topic() != null) {
      var _ = json.put("topic", cut(seen.topic())).put("qos", seen.qos());
    }
    if (!seen.filters().isEmpty()) {
      var _ = json.put("filters", new JsonArray(seen.filters().stream().map(Traces::cut).toList()));
    }
    if (seen.packetId() != 0) {
      var _ = json.put("packet_id", seen.packetId());
    }
    if (seen.bytes() > 0) {
      var _ = json.put("bytes", seen.bytes());
    }
    if (!seen.codes().isEmpty()) {
      var _ =
          json.put(
              "codes",
              new JsonArray(
                  seen.codes().stream()
                      .map(code -> String.format(Locale.ROOT, "0x%02x", code))
                      .toList()));
    }
    return json.encode();
  }

  /** A line about a trace itself. */
  String status(Trace trace, String state) {
    var counts = trace.counts();
    return stamped()
        .put("type", "trace")
        .put("state", state)
        .put("subject", cut(trace.asked().subject().text()))
        .put("shown", counts.shown())
        .put("not_sampled", counts.notSampled())
        .put("dropped_too_many", counts.tooMany())
        .put("dropped_slow_reader", counts.unreadable())
        .encode();
  }

  private JsonObject stamped() {
    return new JsonObject()
        .put("time", Instant.ofEpochMilli(clock.millis()).toString())
        .put("node", node);
  }

  /** Topics and client ids may have 65,535 bytes. */
  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "...";
  }
}
