package io.starling.connection.delivery;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.connection.mqtt.Accepted;
import io.starling.connection.mqtt.AckCode;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Granted;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Message;
import io.starling.connection.mqtt.Packets;
import io.starling.connection.mqtt.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client that answers as it may, in any order, and now and then twice. */
class OutboxRandomTest {
  private static final int STEPS = 20_000;
  private static final int WINDOW = 7;

  @Test
  void everyMessageComesOnceInOrderWithinTheWindowWhateverTheClientAnswers() {
    long seed = Long.getLong("seed", System.nanoTime());
    var client = new Client(new Random(seed));
    try {
      for (int step = 0; step < STEPS; step++) {
        client.step();
      }
      client.drain();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("again with -Dseed=" + seed, e);
    }
    assertThat(client.taken.get(1)).isNotEmpty().isEqualTo(client.offered.get(1));
    assertThat(client.taken.get(2)).isNotEmpty().isEqualTo(client.offered.get(2));
    assertThat(client.outbox.inFlight().size()).isZero();
  }

  /** What the client is to say next, by packet id. */
  private enum Turn {
    PUBACK,
    PUBREC,
    PUBREL_AWAITED,
    PUBCOMP
  }

  private static final class Client implements Link {
    private final Random random;
    private final Outbox outbox =
        new Outbox(
            this,
            WINDOW,
            Integer.MAX_VALUE,
            InstantSource.system(),
            new DeliveryMeters(new SimpleMeterRegistry()),
            reason -> {
              throw new AssertionError("ended: " + reason);
            });
    private final Map<Integer, Turn> turns = new HashMap<>();

    /** Topics by QoS. */
    private final List<List<String>> offered =
        List.of(List.of(), new ArrayList<>(), new ArrayList<>());

    private final List<List<String>> taken =
        List.of(List.of(), new ArrayList<>(), new ArrayList<>());
    private int number;

    Client(Random random) {
      this.random = random;
    }

    void step() {
      if (random.nextInt(3) == 0 && mayOffer()) {
        int qos = 1 + random.nextInt(2);
        String topic = "t" + ++number;
        offered.get(qos).add(topic);
        outbox.deliver(
            Message.cloud(topic, Buffer.buffer()),
            Message.flags(qos, false),
            Outbox.NO_IDENTIFIERS);
      } else if (!turns.isEmpty()) {
        var ids = List.copyOf(turns.keySet());
        answer(ids.get(random.nextInt(ids.size())));
      }
    }

    private boolean mayOffer() {
      int open = offered.get(1).size() + offered.get(2).size();
      return open - taken.get(1).size() - taken.get(2).size() < 2 * WINDOW;
    }

    void drain() {
      while (!turns.isEmpty()) {
        answer(turns.keySet().iterator().next());
      }
    }

    private void answer(int packetId) {
      switch (requireNonNull(turns.get(packetId))) {
        case PUBACK -> {
          turns.remove(packetId);
          outbox.acknowledged(packetId);
        }
        case PUBREC -> {
          turns.put(packetId, Turn.PUBREL_AWAITED);
          outbox.received(packetId, random.nextInt(9) == 0 ? 0x10 : 0);
        }
        case PUBREL_AWAITED -> throw new AssertionError("no PUBREL for " + packetId);
        case PUBCOMP -> {
          if (random.nextInt(5) == 0) {
            turns.put(packetId, Turn.PUBREL_AWAITED);
            outbox.received(packetId, 0);
          } else {
            turns.remove(packetId);
            outbox.completed(packetId);
          }
        }
      }
      if (random.nextInt(50) == 0) {
        // What is not in flight harms nobody.
        outbox.acknowledged(60_000);
        outbox.completed(60_001);
      }
    }

    @Override
    public Future<Void> publish(
        Message message, int flags, int packetId, int[] identifiers, long expirySeconds) {
      int qos = Message.qos(flags);
      taken.get(qos).add(message.topic());
      assertThat(turns.put(packetId, qos == 1 ? Turn.PUBACK : Turn.PUBREC)).isNull();
      assertThat(turns.size()).isLessThanOrEqualTo(WINDOW);
      return Future.succeededFuture();
    }

    @Override
    public void release(int packetId) {
      assertThat(turns.put(packetId, Turn.PUBCOMP)).isEqualTo(Turn.PUBREL_AWAITED);
    }

    @Override
    public String transport() {
      return "tcp";
    }

    @Override
    public boolean isV5() {
      return true;
    }

    @Override
    public void serve(Packets packets) {}

    @Override
    public void accept(Accepted accepted) {}

    @Override
    public void refuse(Refusal refusal, @Nullable String serverReference) {}

    @Override
    public Future<Void> hold() {
      return Future.succeededFuture();
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void acknowledge(int packetId, AckCode code) {}

    @Override
    public void receive(int packetId, AckCode code) {}

    @Override
    public void complete(int packetId) {}

    @Override
    public void subscribed(int packetId, List<Granted> granted) {}

    @Override
    public void unsubscribed(int packetId, List<Boolean> existed) {}

    @Override
    public void close(CloseReason reason, @Nullable String serverReference) {}
  }
}
