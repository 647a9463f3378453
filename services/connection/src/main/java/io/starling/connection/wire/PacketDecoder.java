package io.starling.connection.wire;

import io.netty.buffer.ByteBuf;
import io.starling.connection.wire.Malformed.Fault;
import io.starling.connection.wire.Packet.Filter;
import io.starling.connection.wire.Property.Place;
import io.starling.contract.SharedFilter;
import io.starling.contract.TopicFilter;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Reads what clients may send. Keeps nothing of a connection, so that all connections of an event
 * loop share one. Not thread-safe.
 */
public final class PacketDecoder {
  private static final int V5 = 5;
  private static final int SHORTEST = 2;
  private static final int LENGTH_DIGITS = 4;

  private final int maxPacketBytes;
  private final Fields fields = new Fields();
  private final ConnectDecoder connects = new ConnectDecoder();

  /**
   * A decoder.
   *
   * @param maxPacketBytes the largest packet that is taken, all of it counted; a larger one is
   *     refused when its length is read, whatever has come of it
   */
  public PacketDecoder(int maxPacketBytes) {
    this.maxPacketBytes = maxPacketBytes;
  }

  /**
   * Reads the next packet.
   *
   * @param level the protocol level of the connection, 0 before its CONNECT
   * @return null, with nothing read, if not all of the packet is there
   */
  public @Nullable Decoded next(ByteBuf in, int level) {
    int start = in.readerIndex();
    int readable = in.readableBytes();
    if (readable == 0) {
      return null;
    }
    int first = in.getUnsignedByte(start);
    var unexpected = unexpected(first >> 4, first & 0xF, level);
    if (unexpected != null) {
      return unexpected;
    }
    int length = 0;
    for (int digit = 0; ; digit++) {
      if (digit == LENGTH_DIGITS) {
        return new Malformed(Fault.MALFORMED_PACKET, level, "length of five bytes");
      }
      if (SHORTEST + digit > readable) {
        return null;
      }
      int next = in.getUnsignedByte(start + 1 + digit);
      length |= (next & 0x7F) << (7 * digit);
      if (next < 0x80) {
        if (level == V5 && next == 0 && digit > 0) {
          return new Malformed(Fault.MALFORMED_PACKET, level, "length with a byte too many");
        }
        return whole(in, first, level, start + SHORTEST + digit, length);
      }
    }
  }

  private static @Nullable Malformed unexpected(int type, int flags, int level) {
    if (level == 0) {
      return type == Type.CONNECT
          ? null
          : new Malformed(Fault.PROTOCOL_ERROR, 0, "another packet before CONNECT");
    }
    return switch (type) {
      case Type.CONNECT -> new Malformed(Fault.PROTOCOL_ERROR, level, "a second CONNECT");
      case Type.PUBLISH,
          Type.PUBACK,
          Type.PUBREC,
          Type.PUBREL,
          Type.PUBCOMP,
          Type.SUBSCRIBE,
          Type.UNSUBSCRIBE,
          Type.PINGREQ,
          Type.DISCONNECT ->
          null;
      case Type.SUBACK, Type.UNSUBACK ->
          flags == 0
              ? unknown(level)
              : new Malformed(Fault.MALFORMED_PACKET, level, "reserved flags");
      case Type.AUTH -> level == V5 ? null : unknown(level);
      default -> unknown(level);
    };
  }

  private static Malformed unknown(int level) {
    return new Malformed(Fault.PROTOCOL_ERROR, level, "no packet that clients may send");
  }

  private @Nullable Decoded whole(ByteBuf in, int first, int level, int body, int length) {
    int bytes = body - in.readerIndex() + length;
    if (bytes > maxPacketBytes) {
      return new Malformed(Fault.PACKET_TOO_LARGE, level, "packet of " + bytes + " bytes");
    }
    if (bytes > in.readableBytes()) {
      return null;
    }
    int end = body + length;
    in.readerIndex(body);
    fields.open(in, end, level == V5);
    try {
      var packet = read(first >> 4, first & 0xF, level);
      fields.finish();
      return packet;
    } catch (Violation e) {
      String why = e.getMessage();
      return new Malformed(
          e.fault(), level == 0 ? connects.level() : level, why == null ? "" : why);
    } finally {
      fields.close();
      in.readerIndex(end);
    }
  }

  private Packet read(int type, int flags, int level) {
    boolean v5 = level == V5;
    if (type == Type.PUBLISH) {
      return publish(flags, v5);
    }
    if (type == Type.CONNECT) {
      return connects.read(fields, flags);
    }
    if (flags != Type.flags(type)) {
      throw Violation.malformed("flags of a packet of type " + type);
    }
    return switch (type) {
      case Type.PUBACK, Type.PUBREC, Type.PUBREL, Type.PUBCOMP -> acknowledgement(type, v5);
      case Type.SUBSCRIBE -> subscribe(v5);
      case Type.UNSUBSCRIBE -> unsubscribe(v5);
      case Type.PINGREQ -> new Packet.Pingreq();
      case Type.DISCONNECT -> disconnect(v5);
      default -> auth();
    };
  }

  private Packet publish(int flags, boolean v5) {
    int qos = (flags >> 1) & 3;
    boolean duplicate = (flags & 8) != 0;
    if (qos == 3 || (duplicate && qos == 0)) {
      throw Violation.malformed("flags of PUBLISH");
    }
    String topic = fields.name();
    if (PropertyDecoder.hasWildcard(topic)) {
      throw Violation.malformed("a topic name with wildcards");
    }
    int packetId = qos == 0 ? 0 : fields.packetId(Violation.protocol("packet id 0"));
    var properties = properties(v5, Place.PUBLISH);
    if (properties.has(Property.SUBSCRIPTION_IDENTIFIER)) {
      throw Violation.protocol("a subscription identifier from a client");
    }
    boolean retain = (flags & 1) != 0;
    var payload = fields.rest();
    return new Packet.Publish(duplicate, qos, retain, topic, packetId, properties, payload);
  }

  private Properties properties(boolean v5, Place place) {
    return v5 ? PropertyDecoder.read(fields, place) : Properties.NONE;
  }

  /** Sections 3.4.2 to 3.7.2: reason code and properties may be left out from the end. */
  private Packet acknowledgement(int type, boolean v5) {
    int id = fields.packetId(Violation.protocol("packet id 0"));
    int code = v5 && fields.left() > 0 ? fields.u8() : 0;
    if (!Type.isCode(type, code)) {
      throw Violation.protocol("a reason code that does not exist");
    }
    var properties =
        v5 && fields.left() > 0
            ? PropertyDecoder.read(fields, Place.ACKNOWLEDGEMENT)
            : Properties.NONE;
    return switch (type) {
      case Type.PUBACK -> new Packet.Puback(id, code, properties);
      case Type.PUBREC -> new Packet.Pubrec(id, code, properties);
      case Type.PUBREL -> new Packet.Pubrel(id, code, properties);
      default -> new Packet.Pubcomp(id, code, properties);
    };
  }

  private Packet subscribe(boolean v5) {
    int packetId = fields.packetId(Violation.malformed("packet id 0"));
    var properties = properties(v5, Place.SUBSCRIBE);
    var filters = new ArrayList<Filter>(1);
    while (fields.left() > 0) {
      String filter = topicFilter();
      filters.add(filter(filter, fields.u8(), v5));
    }
    if (filters.isEmpty()) {
      throw Violation.protocol("SUBSCRIBE without a filter");
    }
    return new Packet.Subscribe(packetId, properties, filters);
  }

  /** Sections 4.7.1 and 4.7.3. Whether it is allowed is for the session to say, one by one. */
  private String topicFilter() {
    String filter = fields.name();
    if (!TopicFilter.isValid(filter)) {
      throw Violation.malformed("not a topic filter");
    }
    if (SharedFilter.isMeant(filter) && SharedFilter.parse(filter).isEmpty()) {
      throw Violation.protocol("no shared subscription"); // section 4.8.2
    }
    return filter;
  }

  private static Filter filter(String filter, int options, boolean v5) {
    int qos = options & 3;
    int retainHandling = (options >> 4) & 3;
    boolean noLocal = (options & 4) != 0;
    if ((options & (v5 ? 0xC0 : 0xFC)) != 0) {
      throw Violation.malformed("reserved subscription options");
    }
    if (qos == 3 || retainHandling == 3) {
      throw Violation.protocol("QoS or retain handling 3");
    }
    if (noLocal && filter.startsWith("$share/")) {
      throw Violation.protocol("a shared subscription without what is local");
    }
    return new Filter(filter, qos, noLocal, (options & 8) != 0, retainHandling);
  }

  private Packet unsubscribe(boolean v5) {
    int packetId = fields.packetId(Violation.malformed("packet id 0"));
    var properties = properties(v5, Place.UNSUBSCRIBE);
    var filters = new ArrayList<String>(1);
    while (fields.left() > 0) {
      filters.add(topicFilter());
    }
    if (filters.isEmpty()) {
      throw Violation.protocol("UNSUBSCRIBE without a filter");
    }
    return new Packet.Unsubscribe(packetId, properties, filters);
  }

  /** Whatever its reason code, the client has gone, and would not hear that it is a wrong one. */
  private Packet disconnect(boolean v5) {
    int code = v5 && fields.left() > 0 ? fields.u8() : 0;
    var properties =
        v5 && fields.left() > 0 ? PropertyDecoder.read(fields, Place.DISCONNECT) : Properties.NONE;
    return new Packet.Disconnect(code, properties);
  }

  private Packet auth() {
    int code = fields.left() > 0 ? fields.u8() : 0;
    if (!Type.isCode(Type.AUTH, code)) {
      throw Violation.protocol("a reason code that does not exist");
    }
    var properties = fields.left() > 0 ? PropertyDecoder.read(fields, Place.AUTH) : Properties.NONE;
    return new Packet.Auth(code, properties);
  }
}
