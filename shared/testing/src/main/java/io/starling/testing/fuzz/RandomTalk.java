package io.starling.testing.fuzz;

import io.starling.testing.client.Credentials;
import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Connect;
import io.starling.testing.wire.ClientPackets.Message;
import io.starling.testing.wire.ClientPackets.Subscription;
import io.starling.testing.wire.ClientPackets.Will;
import io.starling.testing.wire.MqttVersion;
import io.starling.testing.wire.Properties;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one client says over one connection. Packet ids, topics and client ids are few, so that they
 * meet. Not thread-safe.
 */
final class RandomTalk {
  private static final int PACKET_IDS = 6;
  private static final int CLIENT_IDS = 12;
  private static final List<String> TOPICS =
      List.of("fuzz/a", "fuzz/b", "fuzz/a/b", "$cloud/describe", "$cloud/vitals", "$other", "fuzz");
  private static final List<String> FILTERS =
      List.of(
          "fuzz/#",
          "fuzz/+",
          "fuzz/a",
          "+/a/#",
          "$share/one/fuzz/#",
          "$share/two/fuzz/a",
          "$cloud/#",
          "$other/#",
          "fuzz/#/a",
          "$share//a");

  private final Random random;
  private final List<Credentials> clients;
  private final ClientPackets packets;
  private final boolean five;
  private int pings;
  private boolean damaged;

  RandomTalk(long seed, List<Credentials> clients) {
    this.random = new Random(seed);
    this.clients = clients;
    this.five = random.nextInt(3) > 0;
    this.packets = new ClientPackets(five ? MqttVersion.V5 : MqttVersion.V3_1_1);
  }

  /** CONNECT, mostly a right one. */
  Buffer connect() {
    var who = clients.get(random.nextInt(clients.size()));
    boolean device = who.id().length() == 24;
    var id = device ? who.id() : random.nextInt(8) == 0 ? "" : "fuzz-" + random.nextInt(CLIENT_IDS);
    var properties = Properties.NONE;
    if (five && random.nextBoolean()) {
      properties =
          properties
              .with(Properties.SESSION_EXPIRY, (long) random.nextInt(3) * 30)
              .with(Properties.RECEIVE_MAXIMUM, 1L + random.nextInt(5))
              .withUser("why", "fuzz");
    }
    boolean clean = id.isEmpty() || random.nextInt(3) > 0;
    var right =
        packets.connect(
            new Connect(
                id, clean, random.nextInt(3) * 20, who.id(), who.secret(), will(), properties));
    return random.nextInt(20) == 0 ? damaged(right) : right;
  }

  private @Nullable Will will() {
    return random.nextInt(4) == 0
        ? new Will(topic(), payload(), random.nextInt(3), random.nextBoolean(), Properties.NONE)
        : null;
  }

  /** What comes behind it: a packet, one time in forty damaged. */
  Buffer next() {
    var packet = packet();
    return random.nextInt(40) == 0 ? damaged(packet) : packet;
  }

  private Buffer packet() {
    int id = 1 + random.nextInt(PACKET_IDS);
    return switch (random.nextInt(five ? 24 : 23)) {
      case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> publish(id);
      case 10, 11 -> packets.subscribe(id, subscriptions());
      case 12 -> packets.unsubscribe(id, List.of(filter(), filter()));
      case 13, 14, 15 -> packets.pubRel(id);
      case 16 -> packets.pubAck(id);
      case 17 -> packets.pubRec(id);
      case 18 -> packets.pubComp(id);
      case 19, 20, 21 -> ping();
      case 22 -> random.nextInt(20) == 0 ? ending() : ping();
      default -> Buffer.buffer(new byte[] {(byte) 0xf0, 0});
    };
  }

  private Buffer ending() {
    return random.nextBoolean() ? packets.disconnect() : connect();
  }

  private Buffer publish(int id) {
    var properties = Properties.NONE;
    String topic = topic();
    if (five && random.nextInt(3) == 0) {
      properties = properties.with(Properties.TOPIC_ALIAS, 1L + random.nextInt(4));
      topic = random.nextInt(4) == 0 ? "" : topic;
    }
    if (five && random.nextInt(4) == 0) {
      properties = properties.with(Properties.RESPONSE_TOPIC, "fuzz/b").withUser("a", "b");
    }
    var message =
        new Message(topic, payload(), random.nextInt(3), random.nextInt(5) == 0, properties);
    return packets.publish(message, id, message.qos() > 0 && random.nextInt(3) == 0);
  }

  private List<Subscription> subscriptions() {
    return Stream.generate(() -> new Subscription(filter(), random.nextInt(3)))
        .limit(1 + random.nextInt(3))
        .toList();
  }

  private String topic() {
    return TOPICS.get(random.nextInt(TOPICS.size()));
  }

  private String filter() {
    // The last ones break the rules and end the connection.
    int last = random.nextInt(30) == 0 ? FILTERS.size() : FILTERS.size() - 2;
    return FILTERS.get(random.nextInt(last));
  }

  private Buffer payload() {
    byte[] bytes = new byte[random.nextInt(10) == 0 ? random.nextInt(5_000) : random.nextInt(50)];
    random.nextBytes(bytes);
    return Buffer.buffer(bytes);
  }

  private Buffer damaged(Buffer packet) {
    damaged = true;
    byte[] bytes = packet.getBytes();
    return Buffer.buffer(
        switch (random.nextInt(4)) {
          case 0 -> {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            yield bytes;
          }
          case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
          case 2 -> Arrays.copyOf(bytes, bytes.length + random.nextInt(9));
          default -> {
            random.nextBytes(bytes);
            yield bytes;
          }
        });
  }

  /** What it answers to a PUBLISH at this QoS, if anything. */
  @Nullable Buffer answer(int qos, int packetId) {
    if (qos == 0 || random.nextInt(4) == 0) {
      return null;
    }
    return qos == 1 ? packets.pubAck(packetId) : packets.pubRec(packetId);
  }

  Buffer ping() {
    pings++;
    return packets.pingRequest();
  }

  /** How many PINGREQs it has said. */
  int pings() {
    return pings;
  }

  /**
   * Whether not all that it said was a packet: the rest may be read otherwise than it was meant.
   */
  boolean isDamaged() {
    return damaged;
  }

  /** A number below this. */
  int choose(int bound) {
    return random.nextInt(bound);
  }
}
