package io.starling.connection.wire;

import io.starling.connection.wire.Packet.Filter;
import io.starling.connection.wire.Packet.Publish;
import io.starling.connection.wire.Packet.Will;
import io.starling.connection.wire.Property.Place;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Packets that clients may send, of every type and with all that may stand in them. */
final class RandomPackets {
  private static final String[] TEXTS = {
    "", "a", "a/b", "ü", "€/x", "\uD834\uDD1E", "long".repeat(40)
  };
  private static final int[] ACKNOWLEDGED = {0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99};

  private final Random random;

  RandomPackets(Random random) {
    this.random = random;
  }

  /** A CONNECT of some level. */
  Packet.Connect connect() {
    int level = 3 + random.nextInt(3);
    boolean v5 = level == 5;
    boolean clean = random.nextBoolean();
    String user = random.nextBoolean() ? text() : null;
    var password = random.nextBoolean() && (v5 || user != null) ? bytes() : null;
    String id = text();
    if (level == 3 || (level == 4 && !clean)) {
      id = "x" + id;
    }
    var will =
        random.nextInt(3) == 0
            ? new Will(
                name(),
                bytes(),
                random.nextInt(3),
                random.nextBoolean(),
                properties(Place.WILL, v5))
            : null;
    return new Packet.Connect(
        level,
        clean,
        random.nextInt(65_536),
        properties(Place.CONNECT, v5),
        id,
        will,
        user,
        password);
  }

  /** What comes behind it. */
  Packet packet(int level) {
    boolean v5 = level == 5;
    int id = 1 + random.nextInt(65_535);
    return switch (random.nextInt(v5 ? 10 : 9)) {
      case 0 -> publish(v5, id);
      case 1 -> new Packet.Puback(id, code(v5), properties(Place.ACKNOWLEDGEMENT, v5));
      case 2 -> new Packet.Pubrec(id, code(v5), properties(Place.ACKNOWLEDGEMENT, v5));
      case 3 -> new Packet.Pubrel(id, v5 ? 0x92 : 0, properties(Place.ACKNOWLEDGEMENT, v5));
      case 4 -> new Packet.Pubcomp(id, 0, properties(Place.ACKNOWLEDGEMENT, v5));
      case 5 -> new Packet.Subscribe(id, properties(Place.SUBSCRIBE, v5), filters(v5));
      case 6 ->
          new Packet.Unsubscribe(
              id, properties(Place.UNSUBSCRIBE, v5), List.of(name() + "/#", name()));
      case 7 -> new Packet.Pingreq();
      case 8 -> new Packet.Disconnect(v5 ? 0x04 : 0, properties(Place.DISCONNECT, v5));
      default -> new Packet.Auth(0x18, properties(Place.AUTH, true));
    };
  }

  private Packet publish(boolean v5, int id) {
    int qos = random.nextInt(3);
    return new Publish(
        qos > 0 && random.nextBoolean(),
        qos,
        random.nextBoolean(),
        v5 ? text() : name(),
        qos == 0 ? 0 : id,
        properties(Place.PUBLISH, v5),
        bytes());
  }

  private List<Filter> filters(boolean v5) {
    return IntStream.rangeClosed(0, random.nextInt(4))
        .mapToObj(
            _ ->
                new Filter(
                    name(),
                    random.nextInt(3),
                    v5 && random.nextBoolean(),
                    v5 && random.nextBoolean(),
                    v5 ? random.nextInt(3) : 0))
        .toList();
  }

  private int code(boolean v5) {
    return v5 ? ACKNOWLEDGED[random.nextInt(ACKNOWLEDGED.length)] : 0;
  }

  private String text() {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private String name() {
    return "n" + text();
  }

  private Buffer bytes() {
    byte[] bytes = new byte[random.nextInt(30)];
    random.nextBytes(bytes);
    return Buffer.buffer(bytes);
  }

  private Properties properties(Place place, boolean v5) {
    if (!v5 || random.nextBoolean()) {
      return Properties.NONE;
    }
    var made = Properties.builder();
    for (var property : Property.values()) {
      if (property.mayStandIn(place) && allowed(property, place) && random.nextInt(3) == 0) {
        add(property, made);
      }
    }
    var properties = made.build();
    return properties.isEmpty() ? Properties.NONE : properties;
  }

  private static boolean allowed(Property property, Place place) {
    return switch (property) {
      case SUBSCRIPTION_IDENTIFIER -> place != Place.PUBLISH;
      // Only with a method.
      case AUTHENTICATION_DATA -> place != Place.CONNECT;
      default -> true;
    };
  }

  private void add(Property property, Properties.Builder into) {
    var _ =
        switch (property.type()) {
          case BYTE -> into.number(property, random.nextInt(2));
          case TWO_BYTES -> into.number(property, 1 + random.nextInt(65_535));
          case FOUR_BYTES -> into.number(property, 1 + (random.nextInt() & 0xFFFF_FFF0L));
          case VARIABLE -> into.number(property, 1 + random.nextInt(268_435_454));
          case TEXT -> into.text(property, name());
          case BINARY -> into.binary(property, bytes());
          case PAIR -> into.user(text(), text()).user(text(), text());
        };
  }
}
