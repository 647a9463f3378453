package io.starling.connection.wire;

import io.starling.connection.wire.Malformed.Fault;
import io.starling.connection.wire.Property.Place;

/** Reads the properties of a packet, and holds them against what MQTT 5 allows in its place. */
final class PropertyDecoder {

  private PropertyDecoder() {}

  static Properties read(Fields fields, Place place) {
    int length = fields.variable();
    if (length == 0) {
      return Properties.NONE;
    }
    int end = fields.narrow(length);
    var properties = Properties.builder();
    long seen = 0;
    while (fields.left() > 0) {
      var property = Property.of(fields.variable());
      if (property == null || !property.mayStandIn(place)) {
        throw Violation.malformed("a property that does not belong here");
      }
      long bit = 1L << property.id();
      if ((seen & bit) != 0 && property != Property.USER_PROPERTY) {
        throw Violation.protocol("a property that stands here twice");
      }
      seen |= bit;
      read(fields, property, properties);
    }
    fields.widen(end);
    return properties.build();
  }

  private static void read(Fields fields, Property property, Properties.Builder into) {
    var _ =
        switch (property.type()) {
          case BYTE -> into.number(property, checked(property, fields.u8()));
          case TWO_BYTES -> into.number(property, checked(property, fields.u16()));
          case FOUR_BYTES -> into.number(property, checked(property, fields.u32()));
          case VARIABLE -> into.number(property, checked(property, fields.variable()));
          case TEXT -> into.text(property, checked(property, fields.text()));
          case BINARY -> into.binary(property, fields.binary());
          case PAIR -> into.user(fields.text(), fields.text());
        };
  }

  private static long checked(Property property, long value) {
    boolean good =
        switch (property) {
          case PAYLOAD_FORMAT_INDICATOR,
              REQUEST_PROBLEM_INFORMATION,
              REQUEST_RESPONSE_INFORMATION ->
              value <= 1;
          case RECEIVE_MAXIMUM, MAXIMUM_PACKET_SIZE, SUBSCRIPTION_IDENTIFIER -> value > 0;
          case TOPIC_ALIAS -> aliased(value);
          default -> true;
        };
    if (!good) {
      throw Violation.protocol("a property with a value that it may not have");
    }
    return value;
  }

  /** Section 3.3.2.3.4. */
  private static boolean aliased(long alias) {
    if (alias == 0) {
      throw new Violation(Fault.TOPIC_ALIAS_INVALID, "topic alias 0");
    }
    return true;
  }

  /** Section 3.3.2.3.5: a response topic is a topic name. */
  private static String checked(Property property, String value) {
    if (property == Property.RESPONSE_TOPIC && (value.isEmpty() || hasWildcard(value))) {
      throw Violation.protocol("a response topic that is no topic name");
    }
    return value;
  }

  static boolean hasWildcard(String topic) {
    return topic.indexOf('#') >= 0 || topic.indexOf('+') >= 0;
  }
}
