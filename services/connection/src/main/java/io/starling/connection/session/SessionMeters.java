package io.starling.connection.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Refusal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/** Counts connections; all counters exist from the start. Thread-safe. */
public final class SessionMeters {
  private final Counter accepted;
  private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
  private final Map<CloseReason, Counter> ended = new EnumMap<>(CloseReason.class);
  private final Counter disconnected;
  private final Counter lost;

  /** Registers the counters, and a gauge of the sessions of one gateway. */
  public SessionMeters(MeterRegistry meters, String gateway, IntSupplier sessions) {
    accepted = connects(meters, "accepted");
    for (var refusal : Refusal.values()) {
      refused.put(refusal, connects(meters, name(refusal)));
    }
    for (var reason : CloseReason.values()) {
      ended.put(reason, ends(meters, name(reason)));
    }
    disconnected = ends(meters, "client_disconnected");
    lost = ends(meters, "connection_lost");
    Gauge.builder("starling.mqtt.sessions", sessions::getAsInt)
        .description("Connected clients")
        .tag("gateway", gateway)
        .register(meters);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static Counter connects(MeterRegistry meters, String result) {
    return Counter.builder("starling.mqtt.connects")
        .description("CONNECT packets by what they were answered")
        .tag("result", result)
        .register(meters);
  }

  private static Counter ends(MeterRegistry meters, String reason) {
    return Counter.builder("starling.mqtt.disconnects")
        .description("Ends of connections that had been accepted")
        .tag("reason", reason)
        .register(meters);
  }

  void accepted() {
    accepted.increment();
  }

  void refused(Refusal refusal) {
    refused.getOrDefault(refusal, lost).increment();
  }

  void ended(CloseReason reason) {
    ended.getOrDefault(reason, lost).increment();
  }

  void closed(boolean byClient) {
    (byClient ? disconnected : lost).increment();
  }
}
