package io.starling.connection.guard;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts what the limits do; all counters exist from the start. Thread-safe. */
public final class GuardMeters {
  private final Map<Accept, Counter> accepts = new EnumMap<>(Accept.class);
  private final Map<Handshake, Counter> handshakes = new EnumMap<>(Handshake.class);
  private final Map<Slowed, Counter> slowed = new EnumMap<>(Slowed.class);

  /** What became of a new connection. */
  public enum Accept {
    TAKEN,
    /** Taken, but later. */
    WAITED,
    TOO_FAST,
    ADDRESS_HAS_TOO_MANY,
    /** Its address may not send a PROXY header, and only those who do are taken. */
    NOT_A_PROXY,
    PROXY_HEADER_INVALID
  }

  /** How a TLS handshake ended. */
  public enum Handshake {
    DONE,
    FAILED,
    TOO_MANY
  }

  /** Why a CONNECT was answered later. */
  public enum Slowed {
    FAILURES,
    FLAPPING
  }

  /** The meters of one gateway. */
  GuardMeters(MeterRegistry meters, String gateway, Handshakes line) {
    for (var accept : Accept.values()) {
      accepts.put(
          accept, counter(meters, "starling.mqtt.accepts", "New connections", "result", accept));
    }
    for (var handshake : Handshake.values()) {
      handshakes.put(
          handshake,
          counter(meters, "starling.mqtt.handshakes", "TLS handshakes", "result", handshake));
    }
    for (var why : Slowed.values()) {
      slowed.put(
          why,
          counter(meters, "starling.mqtt.slowed", "CONNECTs that were answered later", "why", why));
    }
    Gauge.builder("starling.mqtt.handshakes.now", line::underWay)
        .description("TLS handshakes under way")
        .tag("gateway", gateway)
        .register(meters);
    Gauge.builder("starling.mqtt.handshakes.waiting", line::waiting)
        .description("Connections that wait for their TLS handshake")
        .tag("gateway", gateway)
        .register(meters);
  }

  private static Counter counter(
      MeterRegistry meters, String name, String description, String tag, Enum<?> value) {
    return Counter.builder(name)
        .description(description)
        .tag(tag, value.name().toLowerCase(Locale.ROOT))
        .register(meters);
  }

  private static <K> void count(Map<K, Counter> counters, K key) {
    var counter = counters.get(key);
    if (counter != null) {
      counter.increment();
    }
  }

  /** A new connection. */
  public void count(Accept accept) {
    count(accepts, accept);
  }

  /** A handshake that is over. */
  public void count(Handshake handshake) {
    count(handshakes, handshake);
  }

  /** A CONNECT that waits. */
  public void count(Slowed why) {
    count(slowed, why);
  }
}
