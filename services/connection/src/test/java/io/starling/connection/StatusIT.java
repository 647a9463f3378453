package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.admission.AdmissionLimits;
import io.starling.connection.publish.PublishLimits;
import io.starling.contract.Event;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.UsageKind;
import io.starling.contract.UserProperties;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that come and go are events of their account. */
class StatusIT {
  private static final String ID = TestRegion.DEVICE.toString();

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final ConnectionService gateway = gateway("a");
  private final int port = gateway.mqttPort();

  private ConnectionService gateway(String node) {
    return region.gateway(node, TestRegion.telling(TestRegion.config()));
  }

  private List<Event> statuses(int count) {
    region.await(() -> region.relay.events.size() >= count);
    assertThat(region.relay.events)
        .hasSize(count)
        .allSatisfy(
            event -> {
              assertThat(event.name()).isEqualTo("spark/status");
              assertThat(event.id().origin()).isEqualTo(TestRegion.DEVICE);
              assertThat(event.account()).isEqualTo(TestRegion.OWNER);
            });
    return region.relay.events;
  }

  private static Map<String, String> details(Event event) {
    return UserProperties.decode(event.manner().properties());
  }

  private void leftWith(String reason, String code) {
    var last = statuses(2).getLast();
    assertThat(last.data()).hasToString("offline");
    assertThat(details(last)).containsEntry("reason", reason).containsEntry("code", code);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tellHowADeviceCameAndThatItLeft(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      var came = statuses(1).getFirst();
      assertThat(came.data()).hasToString("online");
      assertThat(details(came))
          .containsEntry("gateway", "a-0")
          .containsEntry("address", "127.0.0.1")
          .containsEntry("protocol", v5 ? "MQTT 5" : "MQTT 3.1.1")
          .containsEntry("transport", "tcp")
          .containsEntry("keep_alive", "60")
          .containsEntry("resumed", "false")
          .containsEntry("session", Long.toHexString(came.id().epoch()));
      device.sendHex("e0 00");
      leftWith("disconnected", "00");
      var left = statuses(2).getLast();
      assertThat(left.id().epoch()).isEqualTo(came.id().epoch());
      assertThat(left.id()).isNotEqualTo(came.id());
      assertThat(details(left)).containsEntry("seconds", "0");
    }
  }

  @Test
  void areCountedWhenTheyComeAndTheirTimeWhenTheGatewayEnds() {
    var noted = new CopyOnWriteArrayList<HistoryRequest.UsageNote>();
    TestRegion.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            request -> {
              noted.addAll(((HistoryRequest.NoteUsage) request).notes());
              return Future.succeededFuture(new HistoryReply.UsageNoted());
            }));
    try (var _ = RawClient.device(port, true)) {
      var _ = statuses(1);
      TestRegion.done(region.vertx.undeploy(gateway.deploymentID()));
    }
    assertThat(noted)
        .allSatisfy(
            note -> {
              assertThat(note.account()).isEqualTo(TestRegion.OWNER);
              assertThat(note.device()).isEqualTo(TestRegion.DEVICE);
            })
        .extracting(HistoryRequest.UsageNote::kind)
        .contains(UsageKind.CONNECTION, UsageKind.ONLINE_SECONDS);
    assertThat(noted)
        .filteredOn(note -> note.kind() == UsageKind.CONNECTION)
        .extracting(HistoryRequest.UsageNote::count)
        .containsExactly(1L);
  }

  @Test
  void tellThatAConnectionWasLost() {
    RawClient.device(port, true).close();

    leftWith("connection_lost", "80");
  }

  @Test
  void tellWhyThisSideEndedIt() {
    try (var device = RawClient.device(port, true)) {
      device.sendHex("30 04 00 01 23 00");
      assertThat(device.endsWith(0x81)).isTrue();
      leftWith("malformed_packet", "81");
    }
  }

  @Test
  void tellThatADeviceFellSilent() {
    try (var device = RawClient.open(port, true)) {
      device.send(device.connect(ID, ID, TestRegion.SECRET, 1, true, ""));
      assertThat(device.read(CONNACK).u8(1)).isZero();
      assertThat(device.endsWith(0x8d)).isTrue();
      leftWith("keep_alive_timeout", "8d");
    }
  }

  @Test
  void tellThatAGatewayStops() {
    try (var device = RawClient.device(port, true)) {
      assertThat(statuses(1)).hasSize(1);
      TestRegion.done(region.vertx.undeploy(gateway.deploymentID()));
      assertThat(device.endsWith(0x8b)).isTrue();
      leftWith("server_shutting_down", "8b");
    }
  }

  @Test
  void sayNothingOfAppsAndOfWhoIsRefused() {
    try (var app = RawClient.connected(port, true, "token", TestRegion.TOKEN);
        var stranger = RawClient.open(port, true)) {
      assertThat(app.isQuiet()).isTrue();
      stranger.send(stranger.connect(ID, ID, "wrong"));
      assertThat(stranger.read(CONNACK).u8(1)).isNotZero();
      try (var device = RawClient.device(port, true)) {
        assertThat(device.isQuiet()).isTrue();
        assertThat(statuses(1).getFirst().data()).hasToString("online");
      }
    }
  }

  private static RawClient device(int port, boolean kept) {
    if (!kept) {
      return RawClient.device(port, true);
    }
    var client = RawClient.open(port, true);
    client.send(client.connect(ID, ID, TestRegion.SECRET, 60, false, "1100000e10"));
    assertThat(client.read(CONNACK).u8(1)).isZero();
    return client;
  }

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void endWithOnlineForWhoIsHereAgain(boolean elsewhere, boolean kept) {
    int other = elsewhere ? gateway("b").mqttPort() : port;
    try (var first = device(port, kept);
        var second = device(other, kept)) {
      assertThat(first.endsWith(0x8e)).isTrue();
      assertThat(second.isQuiet()).isTrue();
      var told = statuses(2);
      assertThat(told).extracting(event -> event.data().toString()).containsOnly("online");
      var epochs = told.stream().map(event -> event.id().epoch()).toList();
      assertThat(epochs).doesNotHaveDuplicates();
      if (!elsewhere) {
        // Two gateways tell it by ways of their own, whose order nobody promises: epochs do.
        assertThat(epochs).isSorted();
      }
    }
  }

  @Test
  void areDroppedWhereThereIsNoRoomAndHoldUpNobody() {
    var limits = new AdmissionLimits(1_000, 100, Duration.ofSeconds(3));
    var full =
        TestRegion.config(
            limits, new PublishLimits(100_000, 100_000, 1), null, Duration.ofSeconds(4));
    int small = region.gateway("c", TestRegion.telling(full)).mqttPort();
    region.relay.holds();
    try (var first = RawClient.device(small, true)) {
      region.await(() -> region.relay.held.size() == 1);
      first.sendHex("e0 00");
      assertThat(first.ends()).isTrue();
    }
    try (var second = RawClient.device(small, true)) {
      assertThat(second.isQuiet()).isTrue();
    }
    region.relay.release();
    assertThat(statuses(1).getFirst().data()).hasToString("online");
  }
}
