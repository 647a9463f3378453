package io.starling.connection;

import static io.starling.connection.RawClient.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.EnvScope;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Environment variables between a device and the cloud. */
class EnvironmentIT {
  private static final DeviceId ANOTHER = DeviceId.of("f".repeat(24));
  private static final EnvScope OWNER = EnvScope.of(TestRegion.OWNER);
  private static final EnvScope PRODUCT = EnvScope.of(TestRegion.OWNER, 7);
  private static final EnvScope DEVICE = EnvScope.of(TestRegion.OWNER, TestRegion.DEVICE);

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private void rollOut(EnvScope scope, long version, String variables, boolean onConnect) {
    region.rows.put(
        "env",
        scope.key(),
        new JsonObject()
            .put("id", scope.key())
            .put("own", "{\"DRAFT\":\"x\"}")
            .put("snapshot", variables)
            .put("version", version)
            .put("on_connect", onConnect)
            .put("created_at", Instant.EPOCH.toString())
            .put("created_by", TestRegion.OWNER.toString())
            .put("updated_at", Instant.EPOCH.toString())
            .put("updated_by", TestRegion.OWNER.toString())
            .put("rollout_at", Instant.EPOCH.toString())
            .put("rollout_by", TestRegion.OWNER.toString()));
    region.await(
        () ->
            region
                .directory
                .environments()
                .find(scope)
                .filter(env -> env.version() == version)
                .isPresent());
  }

  private static JsonObject get(RawClient device, String payload) {
    device.send(device.publish0("$cloud/env/get", payload));
    return told(device);
  }

  /** What the device is told next, which it acknowledges. */
  private static JsonObject told(RawClient device) {
    var message = device.read(PUBLISH);
    assertThat(message.topic()).isEqualTo("$cloud/env/set");
    assertThat(message.qos()).isEqualTo(1);
    device.send(device.puback(message.publishId()));
    return new JsonObject(message.payload(device.isV5()));
  }

  private static JsonObject env(JsonObject told) {
    return told.getJsonObject("env");
  }

  @Test
  void aDeviceHasTheNearestOfWhatWasRolledOutForItUnlessItHasItAlready() {
    rollOut(OWNER, 1, "{\"A\":\"owner\",\"B\":\"owner\",\"C\":\"owner\"}", false);
    rollOut(PRODUCT, 2, "{\"B\":\"product\",\"C\":\"product\"}", false);
    rollOut(DEVICE, 3, "{\"C\":\"device\"}", false);
    rollOut(EnvScope.of(TestRegion.OWNER, 8), 4, "{\"A\":\"other\"}", false);
    rollOut(EnvScope.of(TestRegion.OWNER, ANOTHER), 5, "{\"A\":\"other\"}", false);
    try (var device = RawClient.device(port, false)) {
      var told = get(device, "");
      assertThat(env(told))
          .isEqualTo(new JsonObject("{\"A\":\"owner\",\"B\":\"product\",\"C\":\"device\"}"));
      var has = new JsonObject().put("version", told.getString("version"));
      assertThat(get(device, has.encode())).isEqualTo(has);
      assertThat(env(get(device, "{\"version\":7}"))).isNotNull();
    }
  }

  @Test
  void aDeviceThatIsThereIsToldAtOnceUnlessItIsToBeToldWhenItConnects() {
    try (var device = RawClient.device(port, true)) {
      assertThat(env(get(device, ""))).isEqualTo(new JsonObject());
      rollOut(PRODUCT, 1, "{\"A\":\"1\"}", false);
      assertThat(env(told(device))).isEqualTo(new JsonObject("{\"A\":\"1\"}"));
      rollOut(EnvScope.of(TestRegion.OWNER, ANOTHER), 2, "{\"A\":\"2\"}", false);
      rollOut(DEVICE, 3, "{\"A\":\"3\"}", true);
      assertThat(device.isQuiet()).isTrue();
    }
    try (var device = RawClient.device(port, true)) {
      assertThat(env(get(device, ""))).isEqualTo(new JsonObject("{\"A\":\"3\"}"));
    }
  }

  @Test
  void aDeviceThatAskedForNothingIsToldNothing() {
    try (var device = RawClient.device(port, false)) {
      rollOut(DEVICE, 1, "{\"A\":\"1\"}", false);
      assertThat(device.isQuiet()).isTrue();
    }
  }

  @Test
  void whatADeviceReportsIsAnEventThatIsAcknowledged() {
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(5, "$cloud/env/report", "{\"A\":\"1\"}"));
      assertThat(device.read(RawClient.PUBACK).u16(0)).isEqualTo(5);
      assertThat(region.relay.events)
          .extracting(event -> event.name() + " " + event.data())
          .containsExactly("particle/env {\"A\":\"1\"}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '@',
      value = {"[1], not_an_object", "{\"A\":1}, not_texts", "{\"A\":null}, not_texts"})
  void aReportThatIsNoneIsRefused(String report, String error) {
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(5, "$cloud/env/report", report));
      var refused = device.read(PUBLISH);
      assertThat(refused.topic()).isEqualTo("$cloud/env/refused");
      assertThat(refused.payload(true)).contains(error);
      assertThat(device.read(RawClient.PUBACK).u8(2)).isEqualTo(153);
      assertThat(region.relay.events).isEmpty();
    }
  }
}
