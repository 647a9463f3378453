package io.starling.connection;

import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Damaged packets of every kind, by a seed. To replay: {@code -Dfuzz.seed} with the printed seed.
 */
class FuzzIT {
  private static final int CLIENTS = 400;

  private final long seed = Long.getLong("fuzz.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void damagedPacketsHarmNobodyElseAndDoNotFillTheLog() {
    System.out.println("seed " + seed);
    var errors = new ListAppender<ILoggingEvent>();
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    errors.start();
    root.addAppender(errors);
    root.setLevel(Level.INFO);
    try (var region = TestRegion.start()) {
      int port = region.gateway("a").mqttPort();
      try (var good = RawClient.device(port, true)) {
        for (int i = 0; i < CLIENTS; i++) {
          damage(port, i);
        }
        good.send(good.ping());
        assertThat(good.read(PINGRESP)).as("seed %d", seed).isNotNull();
        good.send(good.publish(1, "a", "x"));
        assertThat(good.read(PUBACK).u16(0)).as("seed %d", seed).isEqualTo(1);
      }
      region.await(
          () -> region.metrics.registry().get("starling.mqtt.sessions").gauge().value() == 0);
      // Not what late clients come to while the gateway ends.
      root.detachAppender(errors);
    } finally {
      root.detachAppender(errors);
    }
    assertThat(errors.list)
        .as("seed %d", seed)
        // Vert.x and Netty may have lines of their own about sockets.
        .filteredOn(event -> event.getLoggerName().startsWith("io.starling"))
        .noneMatch(event -> event.getLevel().isGreaterOrEqual(Level.WARN));
  }

  private void damage(int port, int number) {
    boolean v5 = random.nextBoolean();
    try (var client = RawClient.open(port, v5)) {
      byte[] connect = client.connect("c" + number, "token", TestRegion.TOKEN);
      client.send(random.nextInt(5) == 0 ? damaged(connect) : connect);
      for (byte[] packet : packets(client)) {
        client.send(random.nextBoolean() ? damaged(packet) : packet);
      }
    } catch (UncheckedIOException e) {
      // The gateway was quicker to close the connection than this side was to send.
    }
  }

  private List<byte[]> packets(RawClient client) {
    return List.of(
        client.publish(1 + random.nextInt(9), "a/b", "payload"),
        client.subscribe(2, 1, "a/#", "b"),
        client.publish0("$cloud/describe", "{}"),
        client.unsubscribe(3, "b"),
        client.puback(1),
        client.ping(),
        client.publish(4, "$cloud/vitals", "{\"x\":1}"));
  }

  private byte[] damaged(byte[] packet) {
    byte[] wrong = packet.clone();
    switch (random.nextInt(4)) {
      case 0 -> wrong[random.nextInt(wrong.length)] = (byte) random.nextInt();
      case 1 -> wrong = Arrays.copyOf(wrong, random.nextInt(wrong.length));
      case 2 -> wrong = Arrays.copyOf(wrong, wrong.length + random.nextInt(20));
      default -> random.nextBytes(wrong);
    }
    return wrong;
  }
}
