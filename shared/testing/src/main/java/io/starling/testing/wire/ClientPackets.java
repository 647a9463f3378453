package io.starling.testing.wire;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encodes what a client sends, in one version of the protocol. Stateless and thread-safe. */
public record ClientPackets(MqttVersion version) {
  private static final Buffer PING = Buffer.buffer(new byte[] {(byte) 0xc0, 0});

  /** A message that the server publishes when the connection ends without DISCONNECT. */
  public record Will(
      String topic, Buffer payload, int qos, boolean retain, Properties properties) {}

  /** What CONNECT carries; user name and password are left out when null. */
  public record Connect(
      String clientId,
      boolean cleanStart,
      int keepAliveSeconds,
      @Nullable String userName,
      @Nullable String password,
      @Nullable Will will,
      Properties properties) {}

  /** One topic filter of SUBSCRIBE and the QoS that is asked for. */
  public record Subscription(String filter, int qos) {}

  /** A message to publish. */
  public record Message(
      String topic, Buffer payload, int qos, boolean retain, Properties properties) {
    public Message(String topic, Buffer payload, int qos) {
      this(topic, payload, qos, false, Properties.NONE);
    }
  }

  public Buffer connect(Connect connect) {
    var out = new PacketWriter();
    out.text("MQTT");
    out.unsignedByte(version.level());
    out.unsignedByte(flags(connect));
    out.unsignedShort(connect.keepAliveSeconds());
    properties(out, connect.properties());
    out.text(connect.clientId());
    var will = connect.will();
    if (will != null) {
      properties(out, will.properties());
      out.text(will.topic());
      out.bytes(will.payload());
    }
    var name = connect.userName();
    if (name != null) {
      out.text(name);
    }
    var password = connect.password();
    if (password != null) {
      out.text(password);
    }
    return out.frame(0x10);
  }

  private static int flags(Connect connect) {
    var flags = connect.cleanStart() ? 0x02 : 0;
    var will = connect.will();
    if (will != null) {
      flags |= 0x04 | will.qos() << 3 | (will.retain() ? 0x20 : 0);
    }
    if (connect.password() != null) {
      flags |= 0x40;
    }
    if (connect.userName() != null) {
      flags |= 0x80;
    }
    return flags;
  }

  /** PUBLISH; the packet id is left out for QoS 0. */
  public Buffer publish(Message message, int packetId, boolean duplicate) {
    var out = new PacketWriter();
    out.text(message.topic());
    if (message.qos() > 0) {
      out.unsignedShort(packetId);
    }
    properties(out, message.properties());
    out.raw(message.payload());
    return out.frame(
        0x30 | (duplicate ? 0x08 : 0) | message.qos() << 1 | (message.retain() ? 1 : 0));
  }

  public Buffer subscribe(int packetId, List<Subscription> subscriptions) {
    var out = new PacketWriter();
    out.unsignedShort(packetId);
    properties(out, Properties.NONE);
    for (var subscription : subscriptions) {
      out.text(subscription.filter());
      out.unsignedByte(subscription.qos());
    }
    return out.frame(0x82);
  }

  public Buffer unsubscribe(int packetId, List<String> filters) {
    var out = new PacketWriter();
    out.unsignedShort(packetId);
    properties(out, Properties.NONE);
    filters.forEach(out::text);
    return out.frame(0xa2);
  }

  public Buffer pubAck(int packetId) {
    return answer(0x40, packetId);
  }

  public Buffer pubRec(int packetId) {
    return answer(0x50, packetId);
  }

  public Buffer pubRel(int packetId) {
    return answer(0x62, packetId);
  }

  public Buffer pubComp(int packetId) {
    return answer(0x70, packetId);
  }

  public Buffer pingRequest() {
    return PING.copy();
  }

  /** DISCONNECT: normal, so the will is not published. */
  public Buffer disconnect() {
    return new PacketWriter().frame(0xe0);
  }

  private static Buffer answer(int firstByte, int packetId) {
    var out = new PacketWriter();
    out.unsignedShort(packetId);
    return out.frame(firstByte);
  }

  private void properties(PacketWriter out, Properties properties) {
    if (version.isFive()) {
      properties.write(out);
    }
  }
}
