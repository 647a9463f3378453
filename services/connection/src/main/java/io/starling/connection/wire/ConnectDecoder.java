package io.starling.connection.wire;

import io.starling.connection.wire.Malformed.Fault;
import io.starling.connection.wire.Packet.Connect;
import io.starling.connection.wire.Packet.Will;
import io.starling.connection.wire.Property.Place;
import io.vertx.core.buffer.Buffer;

/** Reads a CONNECT (MQTT 5, section 3.1; MQTT 3.1.1, section 3.1). Not thread-safe. */
final class ConnectDecoder {
  private static final Buffer MQTT = Buffer.buffer("MQTT", "UTF-8");
  private static final Buffer MQTT_3_1 = Buffer.buffer("MQIsdp", "UTF-8");
  private static final int LEVEL_3_1 = 3;
  private static final int LEVEL_3_1_1 = 4;
  private static final int LEVEL_5 = 5;

  // The connect flags.
  private static final int RESERVED = 0x01;
  private static final int CLEAN_START = 0x02;
  private static final int WILL = 0x04;
  private static final int WILL_QOS = 0x18;
  private static final int WILL_RETAIN = 0x20;
  private static final int PASSWORD = 0x40;
  private static final int USER_NAME = 0x80;

  private int level;

  /** The level of what was read last, 0 if that was not reached. */
  int level() {
    return level;
  }

  Connect read(Fields fields, int headerFlags) {
    level = 0;
    level = level(fields);
    boolean v5 = level == LEVEL_5;
    if (v5) {
      fields.strictLengths();
    }
    // MQTT 3.1 gives them no meaning, and no value.
    if (headerFlags != 0 && level != LEVEL_3_1) {
      throw Violation.malformed("flags of CONNECT");
    }
    int flags = fields.u8();
    check(flags);
    int keepAlive = fields.u16();
    var properties = v5 ? PropertyDecoder.read(fields, Place.CONNECT) : Properties.NONE;
    if (properties.has(Property.AUTHENTICATION_DATA)
        && !properties.has(Property.AUTHENTICATION_METHOD)) {
      throw Violation.protocol("authentication data without a method");
    }
    boolean clean = (flags & CLEAN_START) != 0;
    String clientId = clientId(fields, clean);
    var will = (flags & WILL) == 0 ? null : will(fields, flags);
    String user;
    Buffer password;
    try {
      user = (flags & USER_NAME) == 0 ? null : fields.name();
      password = (flags & PASSWORD) == 0 ? null : fields.binary();
    } catch (Violation e) {
      throw new Violation(Fault.CREDENTIALS_MALFORMED, "credentials: " + e.getMessage());
    }
    fields.finish();
    return new Connect(level, clean, keepAlive, properties, clientId, will, user, password);
  }

  private int level(Fields fields) {
    var name = fields.binary();
    boolean old = name.equals(MQTT_3_1);
    if (!old && !name.equals(MQTT)) {
      throw Violation.protocol("another protocol than MQTT");
    }
    int asked = fields.u8();
    if (asked < LEVEL_3_1 || asked > LEVEL_5) {
      // MQTT 3.1.1 says how such a one must be answered [MQTT-3.1.2-2], MQTT 5 only how it may be.
      level = LEVEL_3_1_1;
      throw new Violation(Fault.UNSUPPORTED_VERSION, "protocol level " + asked);
    }
    if (old != (asked == LEVEL_3_1)) {
      level = LEVEL_3_1_1;
      throw new Violation(Fault.UNSUPPORTED_VERSION, "level " + asked + " under a wrong name");
    }
    return asked;
  }

  private void check(int flags) {
    boolean will = (flags & WILL) != 0;
    int willQos = (flags & WILL_QOS) >> 3;
    if ((flags & RESERVED) != 0 && level != LEVEL_3_1) {
      throw Violation.malformed("reserved flag of CONNECT");
    }
    if (!will && (flags & (WILL_QOS | WILL_RETAIN)) != 0 && level != LEVEL_3_1) {
      throw Violation.malformed("will QoS or will retain without a will");
    }
    if (will && willQos > 2) {
      throw Violation.malformed("will QoS 3");
    }
    if (level != LEVEL_5 && (flags & PASSWORD) != 0 && (flags & USER_NAME) == 0) {
      throw Violation.malformed("a password without a user name");
    }
  }

  private String clientId(Fields fields, boolean clean) {
    String id;
    fields.needField();
    try {
      id = fields.name();
    } catch (Violation e) {
      if (level != LEVEL_5) {
        // Nothing is to be said to bad text (MQTT 3.1.1, section 1.5.3).
        throw e;
      }
      throw new Violation(Fault.CLIENT_ID_INVALID, "client id: " + e.getMessage());
    }
    boolean mayBeEmpty = level == LEVEL_5 || (level == LEVEL_3_1_1 && clean);
    if (id.isEmpty() && !mayBeEmpty) {
      throw new Violation(Fault.CLIENT_ID_INVALID, "no client id");
    }
    return id;
  }

  private Will will(Fields fields, int flags) {
    var properties = level == LEVEL_5 ? PropertyDecoder.read(fields, Place.WILL) : Properties.NONE;
    String topic = fields.name();
    if (topic.isEmpty() || PropertyDecoder.hasWildcard(topic)) {
      throw Violation.malformed("will topic");
    }
    boolean retain = (flags & WILL_RETAIN) != 0;
    return new Will(topic, fields.binary(), (flags & WILL_QOS) >> 3, retain, properties);
  }
}
