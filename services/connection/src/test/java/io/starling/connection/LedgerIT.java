package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.LedgerScope;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ledgers between a device and the cloud. */
class LedgerIT {
  private static final String OWN = TestRegion.DEVICE.toString();

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private void ledger(String name, LedgerScope scope, boolean upstream, boolean archived) {
    region.rows.put(
        "ledger",
        "id-" + name,
        new JsonObject()
            .put("id", "id-" + name)
            .put("account", TestRegion.OWNER.toString())
            .put("name", name)
            .put("scope", scope.name())
            .put("upstream", upstream)
            .put("description", "")
            .put("archived_at", archived ? Instant.EPOCH.toString() : null)
            .put("created_at", Instant.EPOCH.toString())
            .put("updated_at", Instant.EPOCH.toString()));
    region.await(
        () ->
            region
                .directory
                .ledgers()
                .find(TestRegion.OWNER, name)
                .filter(ledger -> ledger.isInUse() != archived)
                .isPresent());
  }

  private void write(String name, String scopeValue, long version, @Nullable String data) {
    region.rows.put(
        "ledger_instance",
        "id-" + name + "/" + scopeValue,
        new JsonObject()
            .put("ledger", "id-" + name)
            .put("scope_value", scopeValue)
            .put("version", version)
            .put("data", data)
            .put("created_at", Instant.EPOCH.toString())
            .put("updated_at", Instant.EPOCH.toString()));
  }

  private void written(String name, String scopeValue, long version, String data) {
    write(name, scopeValue, version, data);
    var ledger = region.directory.ledgers().find(TestRegion.OWNER, name).orElseThrow();
    region.await(
        () ->
            region
                .directory
                .ledgers()
                .instance(ledger, scopeValue)
                .filter(instance -> instance.version() == version)
                .isPresent());
  }

  private static String get(RawClient device, String name, String payload) {
    device.send(device.publish0("$cloud/ledger/" + name + "/get", payload));
    return told(device, name);
  }

  /** What the device is told next, which it acknowledges. */
  private static String told(RawClient device, String name) {
    var message = device.read(PUBLISH);
    assertThat(message.topic()).isEqualTo("$cloud/ledger/" + name + "/set");
    assertThat(message.qos()).isEqualTo(1);
    device.send(device.puback(message.publishId()));
    return message.payload(device.isV5());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDeviceThatConnectsIsToldWhatItDoesNotHave(boolean v5) {
    ledger("config", LedgerScope.DEVICE, false, false);
    written("config", OWN, 8, "{\"led\":\"on\"}");
    try (var device = RawClient.device(port, v5)) {
      assertThat(get(device, "config", "{\"version\":7}"))
          .isEqualTo("{\"version\":8,\"data\":{\"led\":\"on\"}}");
      assertThat(get(device, "config", "")).contains("\"led\"");
      assertThat(get(device, "config", "{\"version\":9}")).contains("\"led\"");
      assertThat(get(device, "config", "{\"version\":8}")).isEqualTo("{\"version\":8}");
    }
  }

  @Test
  void aDeviceThatIsThereIsToldAtOnceAndOneThatWasNotGetsTheNewest() {
    ledger("config", LedgerScope.DEVICE, false, false);
    try (var device = RawClient.device(port, false)) {
      assertThat(get(device, "config", "")).isEqualTo("{\"version\":0,\"data\":{}}");
      write("config", OWN, 1, "{\"n\":1}");
      assertThat(told(device, "config")).isEqualTo("{\"version\":1,\"data\":{\"n\":1}}");
      write("config", OWN, 2, null);
      assertThat(told(device, "config")).isEqualTo("{\"version\":2,\"data\":{}}");
      write("config", TestRegion.OTHER.toString(), 9, "{\"n\":9}");
      assertThat(get(device, "config", "{\"version\":2}")).isEqualTo("{\"version\":2}");
    }
    write("config", OWN, 3, "{\"n\":3}");
    written("config", OWN, 4, "{\"n\":4}");
    try (var device = RawClient.device(port, false)) {
      assertThat(get(device, "config", "{\"version\":2}"))
          .isEqualTo("{\"version\":4,\"data\":{\"n\":4}}");
      assertThat(device.isQuiet()).isTrue();
    }
  }

  @Test
  void theAccountAndTheProductHaveOneStateForTheirDevices() {
    ledger("ours", LedgerScope.OWNER, false, false);
    ledger("line", LedgerScope.PRODUCT, false, false);
    try (var device = RawClient.device(port, false)) {
      assertThat(get(device, "ours", "")).contains("\"version\":0");
      assertThat(get(device, "line", "")).contains("\"version\":0");
      write("ours", TestRegion.OWNER.toString(), 5, "{\"a\":1}");
      assertThat(told(device, "ours")).contains("{\"a\":1}");
      write("line", "7", 6, "{\"b\":2}");
      assertThat(told(device, "line")).contains("{\"b\":2}");
    }
  }

  @Test
  void aDeviceThatTakesNothingForAWhileIsToldEverythingInTheEnd() {
    int ledgers = 100;
    IntStream.range(0, ledgers).forEach(i -> ledger("l" + i, LedgerScope.DEVICE, false, false));
    try (var device = RawClient.device(port, false)) {
      for (int i = 0; i < ledgers; i++) {
        device.send(device.publish0("$cloud/ledger/l" + i + "/get", ""));
      }
      var first = IntStream.range(0, ledgers).mapToObj(_ -> device.read(PUBLISH)).toList();
      IntStream.range(0, ledgers).forEach(i -> write("l" + i, OWN, 1, "{\"n\":1}"));
      written("l0", OWN, 2, "{\"n\":2}");
      first.forEach(message -> device.send(device.puback(message.publishId())));

      var missing = new HashSet<String>();
      IntStream.range(0, ledgers).forEach(i -> missing.add("$cloud/ledger/l" + i + "/set"));
      while (!missing.isEmpty()) {
        var message = device.read(PUBLISH);
        device.send(device.puback(message.publishId()));
        if (message
            .payload(false)
            .endsWith(message.topic().contains("/l0/") ? "{\"n\":2}}" : "{\"n\":1}}")) {
          missing.remove(message.topic());
        }
      }
      device.send(device.publish0("$cloud/ledger/l100/get", ""));
      assertThat(device.read(PUBLISH).payload(false)).isEqualTo("{\"error\":\"unknown\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReportIsAnEventAndAcknowledgedOnceItIsCommitted(boolean v5) {
    ledger("status", LedgerScope.DEVICE, true, false);
    region.relay.holds();
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(7, "$cloud/ledger/status/report", "{\"led\":\"on\"}"));
      region.await(() -> region.relay.held.size() == 1);
      assertThat(device.isQuiet()).isTrue();

      region.relay.release();

      assertThat(device.read(PUBACK).u16(0)).isEqualTo(7);
      var event = region.relay.events.getFirst();
      assertThat(event.name()).isEqualTo("particle/ledger/status");
      assertThat(event.data().toString()).isEqualTo("{\"led\":\"on\"}");
      assertThat(event.id().origin()).isEqualTo(TestRegion.DEVICE);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '@',
      value = {
        "status, [1], not_an_object, 153",
        "status, {\"a\":, not_an_object, 153",
        "status, @{\"a\":\"LONG\"}@, too_large, 153",
        "config, {}, unknown, 135",
        "archived, {}, unknown, 135",
        "nothing, {}, unknown, 135"
      })
  void aReportThatCannotBeKeptIsRefused(String name, String payload, String error, int code) {
    ledger("status", LedgerScope.DEVICE, true, false);
    ledger("config", LedgerScope.DEVICE, false, false);
    ledger("archived", LedgerScope.DEVICE, true, true);
    String sent = payload.replace("LONG", "x".repeat(16 * 1024));
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(7, "$cloud/ledger/" + name + "/report", sent));

      var told = device.read(PUBLISH);
      assertThat(told.topic()).isEqualTo("$cloud/ledger/" + name + "/refused");
      assertThat(told.payload(true)).isEqualTo("{\"error\":\"" + error + "\"}");
      var ack = device.read(PUBACK);
      assertThat(ack.u16(0)).isEqualTo(7);
      assertThat(ack.u8(2)).isEqualTo(code);
      assertThat(region.relay.events).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nothing/get", "status/get", "archived/get"})
  void whatADeviceIsNotToldIsRefused(String topic) {
    ledger("status", LedgerScope.DEVICE, true, false);
    ledger("archived", LedgerScope.DEVICE, false, true);
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish0("$cloud/ledger/" + topic, ""));
      assertThat(device.read(PUBLISH).payload(false)).isEqualTo("{\"error\":\"unknown\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "/get", "status/", "status/more", "status/report/more"})
  void whatMeansNothingIsPassedOver(String rest) {
    ledger("status", LedgerScope.DEVICE, true, false);
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish(7, "$cloud/ledger/" + rest, "{}"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(7);
      assertThat(region.relay.events).isEmpty();
    }
  }
}
