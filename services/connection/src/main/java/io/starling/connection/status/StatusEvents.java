package io.starling.connection.status;

import io.starling.connection.publish.Author;
import io.starling.connection.publish.EventIntake;
import io.starling.contract.Event;
import io.starling.contract.Event.Manner;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.UserProperties;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Publishes that devices come and go. Belongs to one event loop. */
public final class StatusEvents {
  private static final String NAME = "spark/status";
  private static final Buffer ONLINE = Buffer.buffer("online");
  private static final Buffer OFFLINE = Buffer.buffer("offline");

  private final EventIntake intake;
  private final String gateway;
  private final InstantSource clock;
  private final StatusMeters meters;
  private final boolean on;

  /**
   * Of one gateway.
   *
   * @param on false: nothing is ever published
   */
  public StatusEvents(
      EventIntake intake, String gateway, InstantSource clock, StatusMeters meters, boolean on) {
    this.intake = intake;
    this.gateway = gateway;
    this.clock = clock;
    this.meters = meters;
    this.on = on;
  }

  /**
   * How a device came.
   *
   * @param address without port
   * @param protocol such as {@code MQTT 5}
   * @param transport {@code tcp}, {@code tls}, {@code ws} or {@code wss}
   * @param keepAliveSeconds 0 for none
   * @param resumed whether it found a session
   */
  public record Arrival(
      String address, String protocol, String transport, int keepAliveSeconds, boolean resumed) {}

  /**
   * How its connection ended.
   *
   * @param reason in words, with underscores
   * @param code the reason code of MQTT 5 that says the same
   * @param seconds how long it lasted
   */
  public record Departure(String address, String reason, int code, long seconds) {}

  /**
   * A device is here. Completes when that is in the journal, or is not going to be; never fails.
   */
  public Future<Void> online(Author author, long epoch, Arrival arrival) {
    var details = details(epoch, arrival.address());
    details.put("protocol", arrival.protocol());
    details.put("transport", arrival.transport());
    details.put("keep_alive", Integer.toString(arrival.keepAliveSeconds()));
    details.put("resumed", Boolean.toString(arrival.resumed()));
    return publish(author, new EventId(author.id(), epoch, EventId.ONLINE), ONLINE, details);
  }

  /** A device's connection is over. The same. */
  public Future<Void> offline(Author author, long epoch, Departure departure) {
    var details = details(epoch, departure.address());
    details.put("reason", departure.reason());
    details.put("code", "%02x".formatted(departure.code()));
    details.put("seconds", Long.toString(departure.seconds()));
    return publish(author, new EventId(author.id(), epoch, EventId.OFFLINE), OFFLINE, details);
  }

  private Map<String, String> details(long epoch, String address) {
    var details = new LinkedHashMap<String, String>();
    details.put("session", Long.toHexString(epoch));
    details.put("gateway", gateway);
    details.put("address", address);
    return details;
  }

  private Future<Void> publish(
      Author author, EventId id, Buffer data, Map<String, String> details) {
    if (!on) {
      return Future.succeededFuture();
    }
    var manner = new Manner(1, false, Manner.NEVER, UserProperties.encode(details));
    var event =
        new Event(
            id,
            author.origin(),
            author.account(),
            author.productId(),
            NAME,
            data,
            EventClass.BULK,
            clock.millis(),
            manner);
    return intake
        .tell(author.shard(), event)
        .map(
            committed -> {
              meters.count(committed);
              return null;
            });
  }
}
