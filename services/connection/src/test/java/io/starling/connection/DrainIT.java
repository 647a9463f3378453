package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.DISCONNECT;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.TestRegion.done;
import static io.starling.connection.TestRegion.get;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.Node;
import io.starling.bootstrap.health.Health;
import io.starling.connection.session.Drained;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway sends its clients away. */
class DrainIT {
  private static final String ELSEWHERE = "other.example:1883";
  private static final String ELSEWHERE_PROPERTY = "1c00126f746865722e6578616d706c653a31383833";
  private static final int USE_ANOTHER_SERVER = 0x9c;
  private static final int SHUTTING_DOWN = 0x8b;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private Node node;
  private ConnectionService gateway;
  private int port;

  @BeforeEach
  void start() {
    node = region.node("a");
    gateway = new ConnectionService(node, region.directory, TestRegion.config(), 0, region.traces);
    done(region.vertx.deployVerticle(gateway));
    port = gateway.mqttPort();
  }

  private Health.Part health() {
    return requireNonNull(node.health().look().get("connection-0"));
  }

  @Test
  void sendsTheClientsAwayOneByOneAndTellsThemWhereToGo() throws InterruptedException {
    var clients =
        region.devices(40).stream()
            .map(id -> RawClient.connected(port, true, id.toString(), "s"))
            .toList();
    var times = new ConcurrentSkipListSet<Long>();
    var readers = new ArrayList<Thread>();
    for (var client : clients) {
      readers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    var packet = client.read(DISCONNECT);
                    if (packet.u8(0) == USE_ANOTHER_SERVER
                        && packet.hex().contains(ELSEWHERE_PROPERTY)
                        && client.ends()) {
                      times.add(System.nanoTime());
                    }
                  }));
    }

    var drained = gateway.drain(Duration.ofSeconds(4), ELSEWHERE);
    region.await(() -> health().note().startsWith("draining: "));
    assertThat(health().status()).isEqualTo(Health.Status.DOWN);

    assertThat(get(drained)).isEqualTo(new Drained(40, 0));
    for (var reader : readers) {
      reader.join();
    }
    assertThat(times).hasSize(40);
    assertThat(Duration.ofNanos(times.last() - times.first())).isGreaterThan(Duration.ofSeconds(1));
    assertThat(health().note()).isEqualTo("draining: 0 of 40 left");
    assertThat(region.count("starling.mqtt.disconnects", "reason", "use_another_server"))
        .isEqualTo(40);
  }

  @Test
  void tellsNobodyMoreThanItTakes() {
    try (var client = RawClient.open(port, true)) {
      // Maximum packet size 100.
      client.send(client.connect("x", "token", TestRegion.TOKEN, 60, "2700000064"));
      assertThat(client.read(CONNACK).u8(1)).isZero();
      var drained = gateway.drain(Duration.ofSeconds(2), "far-away.example:1883".repeat(5));
      assertThat(client.read(DISCONNECT).hex()).isEqualTo("9c");
      assertThat(get(drained).left()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void letsNobodyInMeanwhile(boolean v5) {
    assertThat(get(gateway.drain(Duration.ofSeconds(1)))).isEqualTo(new Drained(0, 0));
    try (var late = RawClient.open(port, v5)) {
      late.send(late.connect("", TestRegion.DEVICE.toString(), TestRegion.SECRET));
      assertThat(late.read(CONNACK).u8(1)).isEqualTo(v5 ? 0x88 : 3);
      assertThat(late.ends()).isTrue();
    }
  }

  @Test
  void tellsThoseWhoComeWhereToGo() {
    assertThat(get(gateway.drain(Duration.ofSeconds(1), ELSEWHERE))).isEqualTo(new Drained(0, 0));
    try (var late = RawClient.open(port, true)) {
      late.send(late.connect("", TestRegion.DEVICE.toString(), TestRegion.SECRET));
      var refused = late.read(CONNACK);
      assertThat(refused.u8(1)).isEqualTo(USE_ANOTHER_SERVER);
      assertThat(refused.hex()).contains(ELSEWHERE_PROPERTY);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasPublishedIsAcknowledgedBefore(boolean v5) {
    region.relay.holds();
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(1, "a", "x"));
      region.await(() -> region.relay.held.size() == 1);

      var drained = gateway.drain(Duration.ofSeconds(10));
      region.await(() -> health().note().startsWith("draining: "));
      region.relay.commits();
      region.relay.release();

      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(device.endsWith(SHUTTING_DOWN)).isTrue();
      assertThat(get(drained)).isEqualTo(new Drained(1, 0));
    }
  }

  @Test
  void whoseJournalDoesNotAnswerLeavesWithoutAnAcknowledgement() {
    region.relay.holds();
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(1, "a", "x"));
      region.await(() -> region.relay.held.size() == 1);

      assertThat(get(gateway.drain(Duration.ofSeconds(3)))).isEqualTo(new Drained(1, 0));

      assertThat(device.endsWith(SHUTTING_DOWN)).isTrue();
    }
  }

  @Test
  void aStopEndsADrain() {
    try (var device = RawClient.device(port, true)) {
      var drained = gateway.drain(Duration.ofMinutes(5));
      region.await(() -> health().note().startsWith("draining: "));
      done(region.vertx.undeploy(gateway.deploymentID()));
      assertThat(get(drained).clients()).isEqualTo(1);
      assertThat(device.endsWith(SHUTTING_DOWN)).isTrue();
    }
  }

  @Test
  void aSecondCallChangesNothing() {
    var first = gateway.drain(Duration.ofSeconds(2));
    var second = gateway.drain(Duration.ofSeconds(20), ELSEWHERE);
    assertThat(get(second)).isEqualTo(get(first));
  }
}
