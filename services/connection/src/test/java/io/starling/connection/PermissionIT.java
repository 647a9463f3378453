package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBCOMP;
import static io.starling.connection.RawClient.PUBLISH;
import static io.starling.connection.RawClient.PUBREC;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.WillFate;
import io.starling.contract.TopicPermission;
import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import io.starling.directory.Entry;
import io.starling.directory.PermissionRules;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the permissions of its product let a device publish and subscribe to. */
class PermissionIT {
  private static final String ID = TestRegion.DEVICE.toString();

  /** Session expiry interval: 3,600 s. */
  private static final String AN_HOUR = "1100000e10";

  private static final int NOT_AUTHORIZED = 0x87;
  private static final int NOT_AUTHORIZED_V3 = 5;
  private static final int FAILURE_V3 = 0x80;

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private static TopicPermission allow(Action action, String filter) {
    return new TopicPermission(Effect.ALLOW, action, filter);
  }

  private static TopicPermission deny(Action action, String filter) {
    return new TopicPermission(Effect.DENY, action, filter);
  }

  private void permit(TopicPermission... permissions) {
    var rules = List.of(permissions);
    region.rows.put(
        "product", "7", TestRegion.product(7).put("permissions", PermissionRules.encode(rules)));
    region.await(
        () ->
            region
                .directory
                .product(7)
                .map(Entry.Product::permissions)
                .map(PermissionRules::permissions)
                .equals(Optional.of(rules)));
  }

  private RawClient app() {
    var app = RawClient.connected(port, true, "token", TestRegion.TOKEN);
    app.send(app.subscribe(1, 0, "#"));
    assertThat(app.read(SUBACK).u8(3)).isZero();
    return app;
  }

  private double refused(int qos) {
    return region.count(
        "starling.mqtt.publishes", "qos", Integer.toString(qos), "result", "forbidden");
  }

  @Test
  void aPublishThatIsNotAllowedIsRefusedByItsReasonCode() {
    permit(allow(Action.PUBLISH, "up/%device%/#"));
    try (var app = app();
        var device = RawClient.device(port, true)) {
      device.send(
          device.publish0("other", "0"),
          device.publish(1, "other", "1"),
          device.publish(0x34, 2, "other", "2", ""),
          device.publish(3, "up/" + ID + "/t", "3"));
      assertThat(device.read(PUBACK).hex()).startsWith("000187");
      assertThat(device.read(PUBREC).hex()).startsWith("000287");
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(3);
      assertThat(app.read(PUBLISH).topic()).isEqualTo("up/" + ID + "/t");
      assertThat(app.isQuiet()).isTrue();
      for (int qos = 0; qos <= 2; qos++) {
        assertThat(refused(qos)).as("qos %s", qos).isOne();
      }
    }
  }

  @Test
  void aClientThatCannotBeToldIsAcknowledgedAndReachesNobody() {
    permit(deny(Action.PUBLISH, "other"));
    try (var app = app();
        var device = RawClient.device(port, false)) {
      device.send(
          device.publish0("other", "0"),
          device.publish(1, "other", "1"),
          device.publish(0x34, 2, "other", "2", ""),
          device.pubrel(2),
          device.publish(3, "t", "3"));
      assertThat(device.read(PUBACK).hex()).isEqualTo("0001");
      assertThat(device.read(PUBREC).hex()).isEqualTo("0002");
      assertThat(device.read(PUBCOMP).hex()).isEqualTo("0002");
      assertThat(device.read(PUBACK).hex()).isEqualTo("0003");
      assertThat(app.read(PUBLISH).topic()).isEqualTo("t");
      assertThat(refused(0) + refused(1) + refused(2)).isEqualTo(3);
    }
  }

  @Test
  void whatADeviceSaysToTheCloudIsAlwaysAllowed() {
    permit(deny(Action.ALL, "#"));
    try (var app = app();
        var device = RawClient.device(port, true)) {
      device.send(device.subscribe(1, 0, "$cloud/#"));
      assertThat(device.read(SUBACK).u8(3)).isZero();
      device.send(device.publish(2, "$cloud/vitals", "{}"));
      assertThat(device.read(PUBACK).hex()).isEqualTo("0002");
      assertThat(app.read(PUBLISH).topic()).isEqualTo("spark/device/diagnostics/update");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFilterThatIsNotAllowedIsRefusedInSubackAndTheConnectionLivesOn(boolean v5) {
    permit(deny(Action.SUBSCRIBE, "secret/#"));
    try (var app = RawClient.connected(port, true, "token", TestRegion.TOKEN);
        var device = RawClient.device(port, v5)) {
      device.send(
          device.subscribe(1, 1, "a", "secret/x", "#", "$share/g/+/x", "$share/g/b", "b/+"));
      var suback = device.read(SUBACK);
      int at = v5 ? 3 : 2;
      int no = v5 ? NOT_AUTHORIZED : FAILURE_V3;
      int[] codes = {1, no, no, no, 1, 1};
      for (int i = 0; i < codes.length; i++) {
        assertThat(suback.u8(at + i)).as("filter %s", i).isEqualTo(codes[i]);
      }
      assertThat(region.count("starling.mqtt.subscribes", "result", "not_authorized")).isEqualTo(3);

      app.send(app.publish0("secret/x", "s"), app.publish0("b/x", "b"));
      assertThat(device.read(PUBLISH).topic()).isEqualTo("b/x");
      device.send(device.ping());
      assertThat(device.read(PINGRESP)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aWillThatIsNotAllowedRefusesTheConnect(boolean v5) {
    permit(allow(Action.PUBLISH, "%device%/#"));
    try (var client = RawClient.open(port, v5)) {
      client.send(connect(v5, "other"));
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(v5 ? NOT_AUTHORIZED : NOT_AUTHORIZED_V3);
      assertThat(client.ends()).isTrue();
    }
    assertThat(region.stored.wills).isEmpty();
    assertThat(region.count("starling.mqtt.connects", "result", "not_authorized")).isOne();
    try (var client = RawClient.open(port, v5)) {
      client.send(connect(v5, ID + "/gone"));
      assertThat(client.read(CONNACK).u8(1)).isZero();
    }
  }

  private static byte[] connect(boolean v5, String willTopic) {
    return WillIT.connect(v5, 0, willTopic, "", 60);
  }

  @Test
  void whoHasSubscribedToWhatIsNoLongerAllowedIsDisconnectedAndNobodyElse() {
    var neighbour = region.devices(1).getFirst().toString();
    try (var device = RawClient.device(port, true);
        var other = RawClient.connected(port, true, neighbour, "s")) {
      device.send(device.subscribe(1, 1, "secret/x"));
      assertThat(device.read(SUBACK).u8(3)).isEqualTo(1);
      other.send(other.subscribe(1, 1, "open/x"));
      assertThat(other.read(SUBACK).u8(3)).isEqualTo(1);

      permit(deny(Action.ALL, "secret/#"));
      assertThat(device.endsWith(NOT_AUTHORIZED)).isTrue();
      other.send(other.publish(2, "secret/x", "x"));
      assertThat(other.read(PUBACK).hex()).startsWith("000287");
    }
  }

  @Test
  void aWillIsDiscardedOnceItIsNoLongerAllowed() {
    try (var device = RawClient.open(port, true)) {
      device.send(connect(true, "last/words"));
      assertThat(device.read(CONNACK).u8(1)).isZero();
      device.send(device.subscribe(1, 0, "t"));
      assertThat(device.read(SUBACK).u8(3)).isZero();

      permit(deny(Action.PUBLISH, "last/#"), deny(Action.SUBSCRIBE, "t"));
      assertThat(device.endsWith(NOT_AUTHORIZED)).isTrue();
      region.await(() -> !region.stored.fates.isEmpty());
      assertThat(region.stored.fates).containsExactly(WillFate.NONE);
    }
  }

  @Test
  void aKeptSessionGoesOnWithoutWhatIsNoLongerAllowed() {
    try (var device = kept()) {
      device.send(device.subscribe(1, 1, "secret/#", "open", "$share/g/secret/x"));
      assertThat(device.read(SUBACK).hex()).endsWith("010101");
    }
    region.await(() -> region.stored.get(ID).state() == State.LEFT);
    permit(deny(Action.SUBSCRIBE, "secret/#"));
    try (var app = RawClient.connected(port, true, "token", TestRegion.TOKEN)) {
      app.send(app.publish(1, "secret/x", "before"), app.publish(2, "open", "before"));
      assertThat(app.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(app.read(PUBACK).u16(0)).isEqualTo(2);
      try (var device = kept()) {
        var before = device.read(PUBLISH);
        assertThat(before.topic()).isEqualTo("open");
        device.send(device.puback(before.publishId()));
        app.send(app.publish(3, "secret/x", "after"), app.publish(4, "open", "after"));
        assertThat(device.read(PUBLISH).topic()).isEqualTo("open");
        assertThat(device.isQuiet()).isTrue();
      }
    }
  }

  private RawClient kept() {
    var client = RawClient.open(port, true);
    client.send(client.connect(ID, ID, TestRegion.SECRET, 60, false, AN_HOUR));
    assertThat(client.read(CONNACK).u8(1)).isZero();
    return client;
  }

  @Test
  void appsAreNotBound() {
    permit(deny(Action.ALL, "#"));
    try (var app = app()) {
      app.send(app.publish(1, "t", "x"));
      assertThat(app.read(PUBLISH).topic()).isEqualTo("t");
      assertThat(app.read(PUBACK).hex()).isEqualTo("0001");
    }
  }

  @Test
  void aDeviceWhoseProductIsNotKnownYetIsToldToTryAgain() {
    region.rows.put(
        "device",
        ID,
        TestRegion.device(TestRegion.DEVICE, TestRegion.OWNER, TestRegion.SECRET)
            .put("product", 8));
    region.await(
        () ->
            region.directory.device(TestRegion.DEVICE).filter(it -> it.product() == 8).isPresent());
    try (var client = RawClient.open(port, true)) {
      client.send(client.connect(ID, ID, TestRegion.SECRET));
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(0x88);
    }
  }
}
