package io.starling.connection;

import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.TestRegion.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The way of events when the relay delays, refuses, moves or dies. */
class PublishFaultIT {
  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private List<RawClient> devices(int count, boolean v5) {
    var ids = new ArrayList<DeviceId>();
    for (int i = 0; i < count; i++) {
      var id = DeviceId.create();
      ids.add(id);
      region.rows.put("device", id.toString(), TestRegion.device(id, TestRegion.OWNER, "s"));
    }
    region.await(() -> region.directory.device(ids.getLast()).isPresent());
    return ids.stream().map(id -> RawClient.connected(port, v5, id.toString(), "s")).toList();
  }

  @Test
  void anotherLeaderGetsTheSameEvents() {
    var second = new FakeRelay(region.bus, "second");
    region.relay.answers(new RelayReply.NotLeader("second"));
    try (var device = RawClient.device(port, true)) {
      for (int i = 1; i <= 5; i++) {
        device.send(device.publish(i, "n" + i, "x"));
      }
      for (int i = 1; i <= 5; i++) {
        assertThat(device.read(PUBACK).u16(0)).isEqualTo(i);
      }
      assertThat(second.names()).containsExactly("n1", "n2", "n3", "n4", "n5");
    }
  }

  @Test
  void aBatchWithoutAnAnswerIsSentAgainUnderTheSameIds() {
    region.relay.losesAnswers(1);
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish(1, "a", "x"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(region.relay.names()).containsExactly("a", "a");
      assertThat(region.relay.events.stream().map(Event::id).distinct()).hasSize(1);
    }
  }

  @Test
  void aLeaderThatDiesIsReplacedWithoutLosingAnAcknowledgement() {
    var second = new FakeRelay(region.bus, "second");
    region.relay.answers(new RelayReply.Unknown("stepping down"));
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(1, "a", "x"));
      for (int shard = 0; shard < TestRegion.SHARDS; shard++) {
        region.leaders.heard(
            new RelayHint.Leading(
                "second", List.of(new RelayHint.Lead(ShardLeaders.logName(shard), 2))));
      }
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(second.names()).containsExactly("a");
    }
  }

  @Test
  void aFullDiskRefusesBeforeAcknowledging() {
    region.relay.answers(new RelayReply.Full());
    try (var modern = RawClient.device(port, true);
        var old = devices(1, false).getFirst()) {
      modern.send(modern.publish(1, "a", "x"));
      var refused = modern.read(PUBACK);
      assertThat(refused.u8(2)).isEqualTo(0x97);

      old.send(old.publish(1, "a", "x"));
      assertThat(old.ends()).isTrue();
    }
  }

  @Test
  void aRelayThatNeverAnswersCostsABoundedAmountAndEndsItsClients() {
    region.relay.holds();
    var clients = devices(60, true);
    String payload = "x".repeat(50_000);
    // 60 x 20 x 50 kB = 60 MB offered, of which 8 MiB per shard and what is under way is kept.
    for (var client : clients) {
      for (int i = 1; i <= 20; i++) {
        client.send(client.publish(i, "a", payload));
      }
    }
    int ended = 0;
    for (var client : clients) {
      ended += refusals(client) < 20 ? 1 : 0;
    }
    assertThat(ended).isPositive();
    assertThat(region.count("starling.mqtt.publishes", "qos", "1", "result", "overloaded"))
        .isGreaterThan(600);

    region.relay.commits();
    region.relay.release();
    try (var device = RawClient.device(port, true)) {
      device.send(device.ping());
      assertThat(device.read(PINGRESP)).isNotNull();
      device.send(device.publish(1, "after", "x"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
    }
  }

  /** What a client was refused before its connection ended, or until nothing was open. */
  private static int refusals(RawClient client) {
    for (int refused = 0; refused < 20; refused++) {
      var packet = client.read();
      if (packet.type() == RawClient.DISCONNECT) {
        assertThat(packet.u8(0)).isEqualTo(0x89);
        assertThat(client.ends()).isTrue();
        return refused;
      }
      assertThat(packet.type()).isEqualTo(PUBACK);
      assertThat(packet.u8(2)).isEqualTo(0x97);
    }
    return 20;
  }

  @Test
  void everyAcknowledgedEventIsInTheJournalOnceInOrder() {
    try (var device = RawClient.device(port, true)) {
      int packets = 2_000;
      int acknowledged = 0;
      for (int i = 1; i <= packets; i++) {
        device.send(device.publish(i % 60_000 + 1, "n", Integer.toString(i)));
        if (i - acknowledged >= 20) {
          assertThat(device.read(PUBACK).u16(0)).isEqualTo(++acknowledged % 60_000 + 1);
        }
      }
      while (acknowledged < packets) {
        assertThat(device.read(PUBACK).u16(0)).isEqualTo(++acknowledged % 60_000 + 1);
      }
      var ids = new HashSet<EventId>();
      long last = 0;
      for (var event : region.relay.events) {
        assertThat(ids.add(event.id())).isTrue();
        assertThat(Long.parseLong(event.data().toString())).isEqualTo(++last);
      }
      assertThat(last).isEqualTo(packets);
    }
  }

  @Test
  void stopsInTimeWhileTheRelayDoesNotAnswer() {
    region.relay.holds();
    var gateway = region.gateway("b");
    try (var device = RawClient.device(gateway.mqttPort(), true)) {
      device.send(device.publish(1, "a", "x"));
      region.await(() -> region.relay.held.size() == 1);
      long start = System.nanoTime();
      done(region.vertx.undeploy(gateway.deploymentID()));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(device.endsWith(0x8b)).isTrue();
    }
  }
}
