package io.starling.connection.publish;

import io.netty.buffer.ByteBufUtil;
import io.starling.connection.wire.Packet;
import io.starling.connection.wire.PacketEncoder;
import io.starling.connection.wire.Properties;
import io.starling.connection.wire.Property;
import io.starling.contract.Event;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** What a PUBLISH, or a will, says of its message besides topic and payload. */
final class Manners {
  /** What subscribers get unaltered, with the user properties (MQTT 5, section 3.3.2.3). */
  private static final Set<Property> PASSED =
      Set.copyOf(
          EnumSet.of(
              Property.PAYLOAD_FORMAT_INDICATOR,
              Property.CONTENT_TYPE,
              Property.RESPONSE_TOPIC,
              Property.CORRELATION_DATA));

  private Manners() {}

  /** What goes with the event into the journal. */
  static Event.Manner of(int qos, boolean retain, Properties properties) {
    if (properties.isEmpty()) {
      return Event.Manner.of(qos, retain);
    }
    byte[] passed = PacketEncoder.body(properties.only(PASSED));
    long expiry = properties.number(Property.MESSAGE_EXPIRY_INTERVAL, Event.Manner.NEVER);
    return passed.length == 0 && expiry == Event.Manner.NEVER
        ? Event.Manner.of(qos, retain)
        : new Event.Manner(qos, retain, expiry, Buffer.buffer(passed));
  }

  /** Tells whether a payload that is said to be text is none (section 3.3.2.3.2). */
  static boolean isFalseText(Packet.Publish publish) {
    var properties = publish.properties();
    if (properties.isEmpty() || properties.number(Property.PAYLOAD_FORMAT_INDICATOR, 0) == 0) {
      return false;
    }
    var bytes = ((BufferInternal) publish.payload()).getByteBuf();
    return !ByteBufUtil.isText(bytes, StandardCharsets.UTF_8);
  }
}
