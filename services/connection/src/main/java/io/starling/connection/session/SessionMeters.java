package io.starling.connection.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Refusal;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;

/** Counts connections; all counters exist from the start. Thread-safe. */
public final class SessionMeters {
  private final Answered[] answered;
  private final Map<CloseReason, Counter> ended = new EnumMap<>(CloseReason.class);
  private final Counter disconnected;
  private final Counter lost;

  /** Registers the counters, and a gauge of the sessions of one gateway. */
  public SessionMeters(MeterRegistry meters, String gateway, IntSupplier sessions) {
    answered =
        new Answered[] {
          Answered.to(meters, "3.1"), Answered.to(meters, "3.1.1"), Answered.to(meters, "5")
        };
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

  /** How the CONNECTs of one version of the protocol were answered. */
  private record Answered(Counter accepted, Map<Refusal, Counter> refused) {
    static Answered to(MeterRegistry meters, String protocol) {
      var refused = new EnumMap<Refusal, Counter>(Refusal.class);
      for (var refusal : Refusal.values()) {
        refused.put(refusal, connects(meters, protocol, name(refusal)));
      }
      return new Answered(connects(meters, protocol, "accepted"), refused);
    }

    private static Counter connects(MeterRegistry meters, String protocol, String result) {
      return Counter.builder("starling.mqtt.connects")
          .description("CONNECT packets by what they were answered")
          .tag("protocol", protocol)
          .tag("result", result)
          .register(meters);
    }
  }

  private static Counter ends(MeterRegistry meters, String reason) {
    return Counter.builder("starling.mqtt.disconnects")
        .description("Ends of connections that had been accepted")
        .tag("reason", reason)
        .register(meters);
  }

  void accepted(Connect connect) {
    of(connect).accepted().increment();
  }

  void refused(Connect connect, Refusal refusal) {
    Objects.requireNonNull(of(connect).refused().get(refusal)).increment();
  }

  private Answered of(Connect connect) {
    return answered[Math.clamp(connect.version() - 3, 0, answered.length - 1)];
  }

  void ended(CloseReason reason) {
    ended.getOrDefault(reason, lost).increment();
  }

  void closed(boolean byClient) {
    (byClient ? disconnected : lost).increment();
  }
}
