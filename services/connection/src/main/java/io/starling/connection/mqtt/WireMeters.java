package io.starling.connection.mqtt;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starling.bootstrap.health.Metrics;
import io.starling.connection.wire.Type;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts the packets of one gateway by type, with their bytes, how long CONNECTs wait for their
 * answer, and why clients leave; all meters exist from the start.
 *
 * <p>Counting belongs to the gateway's event loop and costs an addition: what others read meanwhile
 * is a little old.
 */
public final class WireMeters {
  /** What could not be read, in the place of a type that does not exist. */
  static final int MALFORMED = 0;

  private static final String IN = "in";
  private static final String OUT = "out";
  private static final int[] FROM_CLIENTS = {
    MALFORMED,
    Type.CONNECT,
    Type.PUBLISH,
    Type.PUBACK,
    Type.PUBREC,
    Type.PUBREL,
    Type.PUBCOMP,
    Type.SUBSCRIBE,
    Type.UNSUBSCRIBE,
    Type.PINGREQ,
    Type.DISCONNECT,
    Type.AUTH
  };
  private static final int[] TO_CLIENTS = {
    Type.CONNACK,
    Type.PUBLISH,
    Type.PUBACK,
    Type.PUBREC,
    Type.PUBREL,
    Type.PUBCOMP,
    Type.SUBACK,
    Type.UNSUBACK,
    Type.PINGRESP,
    Type.DISCONNECT,
    Type.AUTH
  };

  private final Traffic in = new Traffic();
  private final Traffic out = new Traffic();
  private final Map<Departure, Counter> departures = new EnumMap<>(Departure.class);
  private final Timer accepted;
  private final Timer refused;

  /** By type. */
  private static final class Traffic {
    private final long[] packets = new long[Type.AUTH + 1];
    private final long[] bytes = new long[Type.AUTH + 1];

    void count(int type, int length) {
      packets[type]++;
      bytes[type] += length;
    }
  }

  /** The meters of one gateway. */
  public WireMeters(MeterRegistry meters, String gateway) {
    for (int type : FROM_CLIENTS) {
      register(meters, gateway, in, IN, type);
    }
    for (int type : TO_CLIENTS) {
      register(meters, gateway, out, OUT, type);
    }
    for (var departure : Departure.values()) {
      departures.put(
          departure,
          Counter.builder("starling.mqtt.departures")
              .description("DISCONNECT packets from clients by their reason code")
              .tag("reason", departure.label())
              .register(meters));
    }
    accepted = connack(meters, "accepted");
    refused = connack(meters, "refused");
  }

  private static Timer connack(MeterRegistry meters, String result) {
    return Metrics.latency(
        meters,
        "starling.mqtt.connack.latency",
        "From CONNECT to CONNACK at the gateway, with all that it waited",
        "result",
        result);
  }

  private static void register(
      MeterRegistry meters, String gateway, Traffic traffic, String direction, int type) {
    String name = type == MALFORMED ? "malformed" : Type.label(type);
    FunctionCounter.builder("starling.mqtt.packets", traffic, all -> all.packets[type])
        .description("MQTT packets from and to clients by type")
        .tags("gateway", gateway, "direction", direction, "type", name)
        .register(meters);
    FunctionCounter.builder("starling.mqtt.packet.bytes", traffic, all -> all.bytes[type])
        .description("Bytes of the MQTT packets from and to clients by type, without TLS")
        .baseUnit("bytes")
        .tags("gateway", gateway, "direction", direction, "type", name)
        .register(meters);
  }

  /** A packet came. */
  void received(int type, int bytes) {
    in.count(type, bytes);
  }

  /** A packet was sent. */
  void sent(int type, int bytes) {
    out.count(type, bytes);
  }

  /** A client has said DISCONNECT. */
  void departed(int reasonCode) {
    requireNonNull(departures.get(Departure.of(reasonCode))).increment();
  }

  /** A CONNECT was answered. */
  void connected(boolean letIn, long nanos) {
    (letIn ? accepted : refused).record(nanos, TimeUnit.NANOSECONDS);
  }
}
