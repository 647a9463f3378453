package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.Event;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayReply.Moved;
import io.starling.contract.GatewayReply.Silent;
import io.starling.contract.GatewayReply.VitalsTold;
import io.starling.contract.GatewayRequest.UpdateVitals;
import io.starling.contract.Origin;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What devices report of their own health. */
class VitalsIT {
  private static final String GATEWAY = "a-0";

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private Future<GatewayReply.VitalsReply> update(long epoch, long timeout) {
    return region.bus.ask(
        new UpdateVitals(GATEWAY, TestRegion.DEVICE, epoch, timeout), Duration.ofSeconds(5));
  }

  private long epoch() {
    return region.onlineSession(TestRegion.DEVICE.toString()).epoch();
  }

  private Event told(int count) {
    region.await(() -> region.relay.events.size() == count);
    return region.relay.events.getLast();
  }

  private static JsonObject part(JsonObject json, String name) {
    return json.getJsonObject(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"power\":{\"battery\":{\"charge\":80}}}",
        "{\"device\":{\"power\":{\"battery\":{\"charge\":80}}},\"service\":\"mine\"}"
      })
  void becomeAnEventWithWhatTheGatewayKnows(String said) {
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish(3, "temp", "21"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(3);
      device.send(device.publish(4, "$cloud/vitals", said));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(4);

      var event = told(2);
      assertThat(event.name()).isEqualTo("spark/device/diagnostics/update");
      assertThat(event.origin()).isEqualTo(Origin.DEVICE);
      var payload = new JsonObject(event.data());
      assertThat(part(payload, "device"))
          .isEqualTo(new JsonObject("{\"power\":{\"battery\":{\"charge\":80}}}"));
      var service = part(payload, "service");
      assertThat(part(service, "device").getString("status")).isEqualTo("ok");
      assertThat(part(service, "cloud").getInteger("uptime")).isBetween(0, 60);
      assertThat(part(part(service, "cloud"), "publish").getInteger("sent")).isEqualTo(1);
      assertThat(service.containsKey("coap")).isFalse();
    }
  }

  @Test
  void areToldWhenTheyAreAskedFor() {
    try (var device = RawClient.device(port, false)) {
      var answer = update(epoch(), 4_000);
      var request = device.read(PUBLISH);
      assertThat(request.topic()).startsWith("$cloud/vitals/");
      device.send(device.puback(request.publishId()));
      device.send(device.publish(9, request.topic(), "{\"system\":{\"uptime\":5}}"));

      assertThat(TestRegion.get(answer)).isEqualTo(new VitalsTold());
      var payload = new JsonObject(told(1).data());
      assertThat(part(part(payload, "service"), "coap").getInteger("round_trip"))
          .isBetween(0, 4_000);
    }
  }

  @Test
  void areNotToldByADeviceThatIsSilentOrElsewhere() {
    try (var _ = RawClient.device(port, false)) {
      assertThat(TestRegion.get(update(epoch(), 100))).isEqualTo(new Silent());
      assertThat(TestRegion.get(update(epoch() - 1, 100))).isEqualTo(new Moved());
    }
  }

  @Test
  void areRefusedWhereTheyAreNotUnderstood() {
    String deep = "{\"a\":".repeat(20) + "1" + "}".repeat(20);
    String wide = "{\"a\":\"" + "x".repeat(9_000) + "\"}";
    try (var device = RawClient.device(port, true)) {
      for (String wrong : new String[] {"", "80", "[1]", "{", "{\"device\":5}", deep, wide}) {
        device.send(device.publish(5, "$cloud/vitals", wrong));
        assertThat(device.read(PUBACK).u8(2)).isEqualTo(0x99);
      }
      assertThat(region.relay.events).isEmpty();
    }
  }
}
