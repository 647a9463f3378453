package io.starling.connection.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starling.bootstrap.health.Metrics;
import io.starling.connection.mqtt.Granted;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Counts what goes out to clients; all counters exist from the start. Thread-safe. */
public final class DeliveryMeters {
  private final Counter[] sent = new Counter[3];
  private final Map<Granted, Counter> subscribed = new EnumMap<>(Granted.class);
  private final Counter slow;
  private final Counter tooLarge;
  private final Counter overflow;
  private final Counter expired;
  private final Counter connectionEnded;
  private final Timer[] latency;
  private final Counter fellBehind;
  private final Counter readBack;
  private final Counter purged;

  /** Registers the counters. */
  public DeliveryMeters(MeterRegistry meters) {
    for (int qos = 0; qos < sent.length; qos++) {
      sent[qos] =
          Counter.builder("starling.mqtt.deliveries")
              .description("PUBLISH packets to clients")
              .tag("qos", Integer.toString(qos))
              .register(meters);
    }
    for (var answer : Granted.values()) {
      subscribed.put(
          answer,
          Counter.builder("starling.mqtt.subscribes")
              .description("Filters of SUBSCRIBE packets by what they were answered")
              .tag("result", answer.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
    slow = dropped(meters, "slow");
    tooLarge = dropped(meters, "too_large");
    overflow = dropped(meters, "overflow");
    expired = dropped(meters, "expired");
    connectionEnded = dropped(meters, "connection_ended");
    latency = new Timer[] {latency(meters, "1"), latency(meters, "2")};
    fellBehind =
        Counter.builder("starling.mqtt.sessions.behind")
            .description("Times that a kept session could not keep up and reads the journal")
            .register(meters);
    readBack =
        Counter.builder("starling.mqtt.deliveries.read")
            .description("Messages that were read from the journal for a kept session")
            .register(meters);
    purged =
        Counter.builder("starling.mqtt.sessions.purged")
            .description("Times that a kept session missed what the journal no longer keeps")
            .register(meters);
  }

  private static Counter dropped(MeterRegistry meters, String reason) {
    return Counter.builder("starling.mqtt.deliveries.dropped")
        .description(
            "Messages that a client was not sent: it reads too slowly, takes less, or too late")
        .tag("reason", reason)
        .register(meters);
  }

  /** A filter was answered so. */
  public void count(Granted answer) {
    Objects.requireNonNull(subscribed.get(answer)).increment();
  }

  private static Timer latency(MeterRegistry meters, String qos) {
    return Metrics.latency(
        meters,
        "starling.mqtt.delivery.latency",
        "From PUBLISH to a client to its PUBACK or PUBREC, at the gateway",
        "qos",
        qos);
  }

  Counter sent(int qos) {
    return sent[qos];
  }

  Counter slow() {
    return slow;
  }

  Counter tooLarge() {
    return tooLarge;
  }

  Counter overflow() {
    return overflow;
  }

  Counter expired() {
    return expired;
  }

  /** For those that waited when the connection ended, of sessions that are not kept. */
  Counter connectionEnded() {
    return connectionEnded;
  }

  /**
   * A client has taken a message.
   *
   * @param sentNanos when it was sent, 0 if over an earlier connection: that tells nothing
   */
  void taken(int qos, long sentNanos) {
    if (sentNanos != 0) {
      latency[qos - 1].record(System.nanoTime() - sentNanos, TimeUnit.NANOSECONDS);
    }
  }

  Counter fellBehind() {
    return fellBehind;
  }

  Counter readBack() {
    return readBack;
  }

  Counter purged() {
    return purged;
  }
}
