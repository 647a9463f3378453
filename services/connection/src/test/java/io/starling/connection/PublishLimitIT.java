package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.publish.PublishLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More is published than the quotas of an account or of the node allow. */
class PublishLimitIT {
  private static final int QUOTA_EXCEEDED = 0x97;

  @RegisterExtension private final TestRegion region = TestRegion.start();

  private int gateway(PublishLimits limits) {
    return gateway(limits, Duration.ofSeconds(4));
  }

  private int gateway(PublishLimits limits, Duration commitTimeout) {
    var config = TestRegion.config(TestRegion.config().admission(), limits, null, commitTimeout);
    return region.gateway("a", config).mqttPort();
  }

  private double results(String qos, String result) {
    return region.count("starling.mqtt.publishes", "qos", qos, "result", result);
  }

  /** Reads a PUBACK of this packet id; tells its reason code. */
  private static int code(RawClient client, int packetId) {
    var ack = client.read(PUBACK);
    assertThat(ack.u16(0)).isEqualTo(packetId);
    return ack.body().length() > 2 ? ack.u8(2) : 0;
  }

  private static void publishTen(RawClient client) {
    for (int i = 1; i <= 10; i++) {
      client.send(client.publish(i, "n" + i, "x"));
    }
  }

  @Test
  void anAccountThatPublishesTooFastIsToldSo() {
    int port = gateway(new PublishLimits(1, 3, 1 << 20));
    try (var device = RawClient.device(port, true)) {
      publishTen(device);
      var stored = new ArrayList<String>();
      for (int i = 1; i <= 10; i++) {
        int code = code(device, i);
        assertThat(code).isIn(0, QUOTA_EXCEEDED);
        if (code == 0) {
          stored.add("n" + i);
        }
      }
      assertThat(stored).startsWith("n1", "n2", "n3").hasSizeLessThan(10);
      assertThat(region.relay.names()).isEqualTo(stored);
      assertThat(results("1", "account_limit")).isEqualTo(10 - stored.size());
    }
  }

  @Test
  void whatIsTooMuchAtQosZeroIsDroppedAndCounted() {
    int port = gateway(new PublishLimits(1, 3, 1 << 20));
    try (var device = RawClient.device(port, false)) {
      for (int i = 0; i < 10; i++) {
        device.send(device.publish0("n", "x"));
      }
      device.send(device.ping());
      assertThat(device.read(PINGRESP)).isNotNull();
      assertThat(results("0", "account_limit")).isPositive();
      region.await(() -> region.relay.events.size() == 10 - (int) results("0", "account_limit"));
    }
  }

  @Test
  void anotherAccountIsNotConcerned() {
    int port = gateway(new PublishLimits(1, 1, 1 << 20));
    var other = TestRegion.token("other-token", TestRegion.OTHER, null);
    region.rows.put("token", other.getString("hash"), other);
    region.await(() -> region.directory.token(other.getString("hash")).isPresent());
    try (var device = RawClient.device(port, true);
        var app = RawClient.connected(port, true, "token", "other-token")) {
      publishTen(device);
      app.send(app.publish(1, "theirs", "x"));
      assertThat(code(app, 1)).isZero();
    }
  }

  @Test
  void anOldClientWaitsAndLosesNothing() {
    int port = gateway(new PublishLimits(20, 1, 1 << 20));
    try (var device = RawClient.device(port, false)) {
      long start = System.nanoTime();
      publishTen(device);
      for (int i = 1; i <= 10; i++) {
        assertThat(code(device, i)).isZero();
      }
      device.send(device.ping());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
      assertThat(device.read(PINGRESP)).isNotNull();
      assertThat(region.relay.names())
          .isEqualTo(IntStream.rangeClosed(1, 10).mapToObj(i -> "n" + i).toList());
      assertThat(region.count("starling.mqtt.publishes.held")).isPositive();
    }
  }

  @Test
  void anOldClientThatWouldWaitForTooLongIsDisconnected() {
    int port = gateway(new PublishLimits(1, 1, 1 << 20));
    var clients =
        region.devices(12).stream()
            .map(id -> RawClient.connected(port, false, id.toString(), "s"))
            .toList();
    clients.forEach(client -> client.send(client.publish(1, "n", "x")));
    // One now, five within the five seconds; the others, as long as these wait, are too many.
    region.await(() -> results("1", "account_limit") >= 1);
    int refused = (int) results("1", "account_limit");
    assertThat(region.relay.events.size()).isLessThanOrEqualTo(12 - refused);
    region.await(
        () -> region.count("starling.mqtt.disconnects", "reason", "quota_exceeded") >= refused);
    clients.forEach(RawClient::close);
  }

  @Test
  void aNodeTakesNoMoreThanItMayKeepWaiting() {
    int port = gateway(new PublishLimits(1_000, 1_000, 10_000));
    region.relay.holds();
    try (var device = RawClient.device(port, true)) {
      for (int i = 1; i <= 3; i++) {
        device.send(device.publish(i, "n" + i, "x".repeat(6_000)));
      }
      region.await(() -> results("1", "node_limit") == 1);
      region.relay.commits();
      region.relay.release();

      assertThat(code(device, 1)).isZero();
      assertThat(code(device, 2)).isZero();
      assertThat(code(device, 3)).isEqualTo(QUOTA_EXCEEDED);
      device.send(device.publish(4, "n4", "x"));
      assertThat(code(device, 4)).isZero();
      assertThat(region.relay.names()).containsExactly("n1", "n2", "n4");
    }
  }

  @Test
  void anOldClientWaitsForRoomInTheNode() {
    int port = gateway(new PublishLimits(1_000, 1_000, 10_000));
    region.relay.holds();
    try (var device = RawClient.device(port, false)) {
      for (int i = 1; i <= 5; i++) {
        device.send(device.publish(i, "n" + i, "x".repeat(6_000)));
      }
      region.await(() -> region.count("starling.mqtt.publishes.held") == 1);
      region.relay.commits();
      region.relay.release();

      for (int i = 1; i <= 5; i++) {
        assertThat(code(device, i)).isZero();
      }
      assertThat(region.relay.names()).containsExactly("n1", "n2", "n3", "n4", "n5");
    }
  }

  @Test
  void anOldClientThatFindsNoRoomIsDisconnectedWithoutAnAcknowledgement() {
    int port = gateway(new PublishLimits(1_000, 1_000, 5_000), Duration.ofSeconds(20));
    region.relay.holds();
    try (var holder = RawClient.device(port, true);
        var old = RawClient.open(port, false)) {
      holder.send(holder.publish(1, "a", "x".repeat(6_000)));
      region.await(() -> region.relay.held.size() == 1);
      old.send(
          old.connect("", region.devices(1).getFirst().toString(), "s"),
          old.publish(1, "b", "x".repeat(100)));
      assertThat(old.read(CONNACK).u8(1)).isZero();
      assertThat(old.ends()).isTrue();
      assertThat(results("1", "node_limit")).isEqualTo(1);
    }
  }
}
