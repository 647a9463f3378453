package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayReply.Busy;
import io.starling.contract.GatewayReply.Description;
import io.starling.contract.GatewayReply.DeviceError;
import io.starling.contract.GatewayReply.Moved;
import io.starling.contract.GatewayReply.NotOffered;
import io.starling.contract.GatewayReply.Pong;
import io.starling.contract.GatewayReply.Returned;
import io.starling.contract.GatewayReply.Signaled;
import io.starling.contract.GatewayReply.Silent;
import io.starling.contract.GatewayReply.Value;
import io.starling.contract.GatewayRequest.CallFunction;
import io.starling.contract.GatewayRequest.Describe;
import io.starling.contract.GatewayRequest.Ping;
import io.starling.contract.GatewayRequest.ReadVariable;
import io.starling.contract.GatewayRequest.Signal;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between the cloud and a device below {@code $cloud/}. */
class CommandIT {
  private static final String ID = TestRegion.DEVICE.toString();
  private static final String GATEWAY = "a-0";

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  private long epoch() {
    return region.onlineSession(ID).epoch();
  }

  private Future<GatewayReply.CallReply> call(String function, String argument, long timeout) {
    var call = new CallFunction(GATEWAY, TestRegion.DEVICE, epoch(), function, argument, timeout);
    return region.bus.ask(call, Duration.ofSeconds(5));
  }

  private static void describe(RawClient device, String json) {
    device.send(device.publish(1_000, "$cloud/describe", json));
    assertThat(device.read(PUBACK).u16(0)).isEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsAFunctionAndAnswersWhatItReturned(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      var answer = call("led", "on", 4_000);

      var request = device.read(PUBLISH);
      assertThat(request.topic()).startsWith("$cloud/call/led/");
      assertThat(request.payload(v5)).isEqualTo("on");
      assertThat(request.qos()).isEqualTo(1);
      String id = request.topic().substring("$cloud/call/led/".length());
      device.send(device.puback(request.publishId()));
      device.send(device.publish(9, "$cloud/return/" + id, "42"));

      assertThat(device.read(PUBACK).u16(0)).isEqualTo(9);
      assertThat(TestRegion.get(answer)).isEqualTo(new Returned(42));
      assertThat(region.relay.events).isEmpty();
    }
  }

  @Test
  void tellsAnMqtt5DeviceWhereToAnswer() {
    try (var device = RawClient.device(port, true)) {
      var _ = call("led", "on", 200);
      var request = device.read(PUBLISH);
      String id = request.topic().substring("$cloud/call/led/".length());
      assertThat(request.text()).contains("$cloud/return/" + id);
    }
  }

  @Test
  void passesTheDevicesErrorOn() {
    try (var device = RawClient.device(port, false)) {
      var answer = call("led", "on", 4_000);
      String id = lastLevel(device.read(PUBLISH).topic());
      device.send(device.publish(9, "$cloud/return/" + id, "{\"error\":\"no lamp\"}"));

      assertThat(TestRegion.get(answer)).isEqualTo(new DeviceError("no lamp"));
    }
  }

  @Test
  void ignoresAnswersToWhatWasNotAsked() {
    try (var device = RawClient.device(port, false)) {
      var answer = call("led", "on", 4_000);
      String id = lastLevel(device.read(PUBLISH).topic());
      device.send(
          device.publish(7, "$cloud/value/" + id, "1"),
          device.publish(8, "$cloud/return/0000000000000000", "2"),
          device.publish(9, "$cloud/return/" + id, "3"));

      assertThat(TestRegion.get(answer)).isEqualTo(new Returned(3));
    }
  }

  private static String lastLevel(String topic) {
    return topic.substring(topic.lastIndexOf('/') + 1);
  }

  @Test
  void aDeviceThatDoesNotAnswerIsSilent() {
    try (var _ = RawClient.device(port, false)) {
      assertThat(TestRegion.get(call("led", "on", 100))).isEqualTo(new Silent());
    }
  }

  @Test
  void aConnectionThatEndsMeansSilenceAtOnce() {
    Future<GatewayReply.CallReply> answer;
    try (var device = RawClient.device(port, false)) {
      answer = call("led", "on", 60_000);
      assertThat(device.read(PUBLISH).topic()).startsWith("$cloud/call/led/");
    }
    assertThat(TestRegion.get(answer)).isEqualTo(new Silent());
  }

  @Test
  void anotherEpochHasMoved() {
    try (var _ = RawClient.device(port, false)) {
      long other = epoch() - 1;
      assertThat(region.ask(new CallFunction(GATEWAY, TestRegion.DEVICE, other, "led", "", 1_000)))
          .isEqualTo(new Moved());
      assertThat(region.ask(new Ping(GATEWAY, TestRegion.DEVICE, other, 1_000)))
          .isEqualTo(new Moved());
      assertThat(region.ask(new Describe(GATEWAY, TestRegion.DEVICE, other)))
          .isEqualTo(new Moved());
    }
  }

  @Test
  void offersWhatTheDeviceDescribed() {
    try (var device = RawClient.device(port, false)) {
      assertThat(region.ask(new Describe(GATEWAY, TestRegion.DEVICE, epoch())))
          .isEqualTo(Description.NONE);
      describe(
          device,
          """
          {"functions":["led"],"variables":{"temp":"double"},"platform":"photon",
           "firmware":{"product":7,"version":3,"hash":"abc"}}""");

      assertThat(region.ask(new Describe(GATEWAY, TestRegion.DEVICE, epoch())))
          .isEqualTo(
              new Description(List.of("led"), Map.of("temp", "double"), "photon", 7, 3, "abc"));
      assertThat(TestRegion.get(call("other", "", 1_000))).isEqualTo(new NotOffered());
      assertThat(
              region.ask(new ReadVariable(GATEWAY, TestRegion.DEVICE, epoch(), "humidity", 1_000)))
          .isEqualTo(new NotOffered());
    }
  }

  @Test
  void aDescriptionThatIsNotUnderstoodChangesNothing() {
    try (var device = RawClient.device(port, false)) {
      describe(device, "{\"functions\":[\"led\"]}");
      describe(device, "{\"functions\":[\"a/b\"]}");
      describe(device, "nonsense");

      var description = (Description) region.ask(new Describe(GATEWAY, TestRegion.DEVICE, epoch()));
      assertThat(description.functions()).containsExactly("led");
    }
  }

  @Test
  void readsAVariable() {
    try (var device = RawClient.device(port, true)) {
      var read = new ReadVariable(GATEWAY, TestRegion.DEVICE, epoch(), "temp", 4_000);
      var answer = region.bus.ask(read, Duration.ofSeconds(5));
      var request = device.read(PUBLISH);
      assertThat(request.topic()).startsWith("$cloud/read/temp/");
      device.send(device.publish(3, "$cloud/value/" + lastLevel(request.topic()), "21.5"));

      assertThat(TestRegion.get(answer)).isEqualTo(new Value("21.5"));
    }
  }

  @Test
  void aPingIsEchoed() {
    try (var device = RawClient.device(port, false)) {
      var ping = new Ping(GATEWAY, TestRegion.DEVICE, epoch(), 4_000);
      var answer = region.bus.ask(ping, Duration.ofSeconds(5));
      var request = device.read(PUBLISH);
      device.send(device.publish0(request.topic(), ""));

      assertThat(TestRegion.get(answer)).isEqualTo(new Pong());
    }
  }

  @Test
  void aSignalGoesOut() {
    try (var device = RawClient.device(port, false)) {
      assertThat(region.ask(new Signal(GATEWAY, TestRegion.DEVICE, epoch(), true)))
          .isEqualTo(new Signaled());
      var signal = device.read(PUBLISH);
      assertThat(signal.topic()).isEqualTo("$cloud/signal");
      assertThat(signal.payload(false)).isEqualTo("1");
    }
  }

  @Test
  void refusesMoreThanThirtyTwoOpenRequests() {
    try (var _ = RawClient.device(port, false)) {
      long epoch = epoch();
      var together =
          IntStream.range(0, 33)
              .mapToObj(
                  _ ->
                      region.bus.ask(
                          new CallFunction(GATEWAY, TestRegion.DEVICE, epoch, "led", "", 400),
                          Duration.ofSeconds(5)))
              .toList();
      assertThat(together.stream().map(TestRegion::get).filter(new Busy()::equals)).hasSize(1);
    }
  }

  @Test
  void tellsTheTime() {
    try (var device = RawClient.device(port, false)) {
      device.send(device.publish0("$cloud/time", ""));

      var answer = device.read(PUBLISH);
      assertThat(answer.topic()).isEqualTo("$cloud/time");
      assertThat(Long.parseLong(answer.payload(false)))
          .isCloseTo(Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(5L));
    }
  }

  @Test
  void anAppCannotPlayTheDevice() {
    try (var device = RawClient.device(port, false);
        var app = RawClient.connected(port, false, "token", TestRegion.TOKEN)) {
      var answer = call("led", "on", 300);
      String id = lastLevel(device.read(PUBLISH).topic());
      app.send(app.publish(1, "$cloud/return/" + id, "666"));
      assertThat(app.read(PUBACK).u16(0)).isEqualTo(1);

      assertThat(TestRegion.get(answer)).isEqualTo(new Silent());
    }
  }
}
