package io.starling.testing.wire;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The properties of an MQTT 5 packet (MQTT 5, 2.2.2), in the order in which they stand on the wire.
 * Empty for MQTT 3.1.1. Immutable.
 */
public record Properties(Map<Integer, Object> single, List<UserProperty> user) {
  public static final Properties NONE = new Properties(Map.of(), List.of());

  public static final int MESSAGE_EXPIRY = 0x02;
  public static final int CONTENT_TYPE = 0x03;
  public static final int RESPONSE_TOPIC = 0x08;
  public static final int CORRELATION_DATA = 0x09;
  public static final int SUBSCRIPTION_ID = 0x0b;
  public static final int SESSION_EXPIRY = 0x11;
  public static final int ASSIGNED_CLIENT_ID = 0x12;
  public static final int SERVER_KEEP_ALIVE = 0x13;
  public static final int WILL_DELAY = 0x18;
  public static final int REASON_STRING = 0x1f;
  public static final int RECEIVE_MAXIMUM = 0x21;
  public static final int TOPIC_ALIAS = 0x23;
  private static final int USER_PROPERTY = 0x26;

  /** One name and value; names may repeat. */
  public record UserProperty(String name, String value) {}

  public Properties {
    single = Map.copyOf(single);
    user = List.copyOf(user);
  }

  /** These properties with one more: an integer as {@code Long}, text, or a {@code Buffer}. */
  public Properties with(int id, Object value) {
    var more = new LinkedHashMap<>(single);
    more.put(id, value);
    return new Properties(more, user);
  }

  /** These properties with one more user property. */
  public Properties withUser(String name, String value) {
    var more = new ArrayList<>(user);
    more.add(new UserProperty(name, value));
    return new Properties(single, more);
  }

  public OptionalLong number(int id) {
    return single.get(id) instanceof Long value ? OptionalLong.of(value) : OptionalLong.empty();
  }

  public Optional<String> text(int id) {
    return single.get(id) instanceof String value ? Optional.of(value) : Optional.empty();
  }

  public Optional<Buffer> bytes(int id) {
    return single.get(id) instanceof Buffer value ? Optional.of(value) : Optional.empty();
  }

  /** The first user property of this name. */
  public Optional<String> user(String name) {
    return user.stream().filter(p -> p.name().equals(name)).map(UserProperty::value).findFirst();
  }

  private enum Type {
    BYTE,
    SHORT,
    INT,
    VARIABLE,
    TEXT,
    BYTES
  }

  private static Type typeOf(int id) {
    return switch (id) {
      case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a -> Type.BYTE;
      case 0x13, 0x21, 0x22, 0x23 -> Type.SHORT;
      case 0x02, 0x11, 0x18, 0x27 -> Type.INT;
      case 0x0b -> Type.VARIABLE;
      case 0x03, 0x08, 0x12, 0x15, 0x1a, 0x1c, 0x1f -> Type.TEXT;
      case 0x09, 0x16 -> Type.BYTES;
      default -> throw new MalformedPacket("unknown property 0x" + Integer.toHexString(id));
    };
  }

  /** Reads a property section, its length first. */
  static Properties read(PacketReader in) {
    var end = in.variableInt() + in.position();
    if (in.position() == end) {
      return NONE;
    }
    var single = new LinkedHashMap<Integer, Object>();
    var user = new ArrayList<UserProperty>();
    while (in.position() < end) {
      var id = in.variableInt();
      if (id == USER_PROPERTY) {
        user.add(new UserProperty(in.text(), in.text()));
        continue;
      }
      Object value =
          switch (typeOf(id)) {
            case BYTE -> (long) in.unsignedByte();
            case SHORT -> (long) in.unsignedShort();
            case INT -> in.unsignedInt();
            case VARIABLE -> (long) in.variableInt();
            case TEXT -> in.text();
            case BYTES -> in.bytes();
          };
      // A subscription identifier may repeat; the tools need to know of one.
      if (single.put(id, value) != null && id != SUBSCRIPTION_ID) {
        throw new MalformedPacket("property 0x" + Integer.toHexString(id) + " twice");
      }
    }
    return new Properties(single, user);
  }

  /** Appends the property section, its length first. */
  void write(PacketWriter out) {
    var section = new PacketWriter();
    single.forEach(
        (id, value) -> {
          section.variableInt(id);
          switch (typeOf(id)) {
            case BYTE -> section.unsignedByte(Math.toIntExact((Long) value));
            case SHORT -> section.unsignedShort(Math.toIntExact((Long) value));
            case INT -> section.unsignedInt((Long) value);
            case VARIABLE -> section.variableInt(Math.toIntExact((Long) value));
            case TEXT -> section.bytes(Buffer.buffer(((String) value)));
            case BYTES -> section.bytes((Buffer) value);
          }
        });
    for (var property : user) {
      section.variableInt(USER_PROPERTY);
      section.text(property.name());
      section.text(property.value());
    }
    out.variableInt(section.length());
    out.raw(section.buffer());
  }

  @Override
  public String toString() {
    var text = new StringBuilder("{");
    single.forEach(
        (id, value) ->
            text.append("0x")
                .append(Integer.toHexString(id))
                .append('=')
                .append(value instanceof Buffer b ? b.toString(StandardCharsets.UTF_8) : value)
                .append(' '));
    user.forEach(p -> text.append(p.name()).append('=').append(p.value()).append(' '));
    return text.toString().strip() + "}";
  }
}
