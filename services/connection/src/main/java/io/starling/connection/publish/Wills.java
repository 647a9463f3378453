package io.starling.connection.publish;

import io.starling.connection.wire.Packet;
import io.starling.connection.wire.Property;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventId;
import io.starling.contract.SessionsRequest;
import org.jspecify.annotations.Nullable;

/** Wills as they are kept with their sessions (MQTT 5, section 3.1.2.5). */
public final class Wills {
  private Wills() {}

  /** Tells whether there is a will that would reach anybody. */
  public static boolean isOne(Packet.@Nullable Will will) {
    return will != null && TopicRules.kindOf(will.topic()) == TopicRules.Kind.EVENT;
  }

  /** The topic of a will that would reach anybody; null if there is none. */
  public static @Nullable String topic(Packet.@Nullable Will will) {
    return will != null && isOne(will) ? will.topic() : null;
  }

  /**
   * The will of a connection.
   *
   * @param epoch of the connection
   */
  public static SessionsRequest.Will of(
      Packet.Will will, Author author, long epoch, int keepAliveSeconds, long nowMillis) {
    var event =
        new Event(
            new EventId(author.id(), epoch, EventId.WILL),
            author.origin(),
            author.account(),
            author.productId(),
            will.topic(),
            will.payload(),
            author.classOf(will.topic()),
            nowMillis,
            Manners.of(will.qos(), will.retain(), will.properties()));
    return new SessionsRequest.Will(
        author.shard(),
        keepAliveSeconds,
        will.properties().number(Property.WILL_DELAY_INTERVAL, 0),
        EventBatch.encode(event));
  }
}
