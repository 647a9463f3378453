package io.starling.connection.wire;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties of MQTT 5 (section 2.2.2.2): how they are written, and where they may stand. */
public enum Property {
  PAYLOAD_FORMAT_INDICATOR(0x01, Type.BYTE, Place.PUBLISH, Place.WILL),
  MESSAGE_EXPIRY_INTERVAL(0x02, Type.FOUR_BYTES, Place.PUBLISH, Place.WILL),
  CONTENT_TYPE(0x03, Type.TEXT, Place.PUBLISH, Place.WILL),
  RESPONSE_TOPIC(0x08, Type.TEXT, Place.PUBLISH, Place.WILL),
  CORRELATION_DATA(0x09, Type.BINARY, Place.PUBLISH, Place.WILL),
  SUBSCRIPTION_IDENTIFIER(0x0B, Type.VARIABLE, Place.PUBLISH, Place.SUBSCRIBE),
  SESSION_EXPIRY_INTERVAL(0x11, Type.FOUR_BYTES, Place.CONNECT, Place.CONNACK, Place.DISCONNECT),
  ASSIGNED_CLIENT_IDENTIFIER(0x12, Type.TEXT, Place.CONNACK),
  SERVER_KEEP_ALIVE(0x13, Type.TWO_BYTES, Place.CONNACK),
  AUTHENTICATION_METHOD(0x15, Type.TEXT, Place.CONNECT, Place.CONNACK, Place.AUTH),
  AUTHENTICATION_DATA(0x16, Type.BINARY, Place.CONNECT, Place.CONNACK, Place.AUTH),
  REQUEST_PROBLEM_INFORMATION(0x17, Type.BYTE, Place.CONNECT),
  WILL_DELAY_INTERVAL(0x18, Type.FOUR_BYTES, Place.WILL),
  REQUEST_RESPONSE_INFORMATION(0x19, Type.BYTE, Place.CONNECT),
  RESPONSE_INFORMATION(0x1A, Type.TEXT, Place.CONNACK),
  SERVER_REFERENCE(0x1C, Type.TEXT, Place.CONNACK, Place.DISCONNECT),
  REASON_STRING(
      0x1F,
      Type.TEXT,
      Place.CONNACK,
      Place.ACKNOWLEDGEMENT,
      Place.SUBACK,
      Place.DISCONNECT,
      Place.AUTH),
  RECEIVE_MAXIMUM(0x21, Type.TWO_BYTES, Place.CONNECT, Place.CONNACK),
  TOPIC_ALIAS_MAXIMUM(0x22, Type.TWO_BYTES, Place.CONNECT, Place.CONNACK),
  TOPIC_ALIAS(0x23, Type.TWO_BYTES, Place.PUBLISH),
  MAXIMUM_QOS(0x24, Type.BYTE, Place.CONNACK),
  RETAIN_AVAILABLE(0x25, Type.BYTE, Place.CONNACK),
  USER_PROPERTY(0x26, Type.PAIR, Place.values()),
  MAXIMUM_PACKET_SIZE(0x27, Type.FOUR_BYTES, Place.CONNECT, Place.CONNACK),
  WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, Type.BYTE, Place.CONNACK),
  SUBSCRIPTION_IDENTIFIERS_AVAILABLE(0x29, Type.BYTE, Place.CONNACK),
  SHARED_SUBSCRIPTION_AVAILABLE(0x2A, Type.BYTE, Place.CONNACK);

  private static final @Nullable Property[] BY_ID = byId();

  private final int id;
  private final Type type;

  // Never changed.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Set<Place> places;

  /** How a value is written. */
  enum Type {
    BYTE,
    TWO_BYTES,
    FOUR_BYTES,
    VARIABLE,
    TEXT,
    BINARY,
    PAIR
  }

  /** Where properties stand. */
  enum Place {
    CONNECT,
    WILL,
    CONNACK,
    PUBLISH,
    /** PUBACK, PUBREC, PUBREL and PUBCOMP. */
    ACKNOWLEDGEMENT,
    SUBSCRIBE,
    UNSUBSCRIBE,
    /** SUBACK and UNSUBACK. */
    SUBACK,
    DISCONNECT,
    AUTH
  }

  Property(int id, Type type, Place... places) {
    this.id = id;
    this.type = type;
    this.places = Set.of(places);
  }

  private static @Nullable Property[] byId() {
    var known = new @Nullable Property[0x2B];
    for (var property : values()) {
      known[property.id] = property;
    }
    return known;
  }

  /** The property with this identifier; null if there is none. */
  static @Nullable Property of(int id) {
    return id < BY_ID.length ? BY_ID[id] : null;
  }

  int id() {
    return id;
  }

  Type type() {
    return type;
  }

  boolean mayStandIn(Place place) {
    return places.contains(place);
  }
}
