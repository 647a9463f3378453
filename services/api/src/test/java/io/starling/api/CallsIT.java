package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.GatewayRequest;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.UsageKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallsIT {
  private static final String TIMED_OUT_CALL = "{\"ok\":false,\"error\":\"Timed out.\"}";
  private static final String TIMED_OUT_READ = "{\"error\":\"Timed out.\"}";

  @RegisterExtension
  private final Region region = Region.start(Map.of("STARLING_API_CALL_TIMEOUT", "300ms"));

  private Call.Reply callFunction(String device, String function) {
    return region
        .call("POST", "/v1/devices/" + device + "/" + function)
        .json(new JsonObject().put("args", "on"));
  }

  @Test
  void callsAFunction() {
    var reply = callFunction("kitchen", "led");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text())
        .isEqualTo(
            "{\"id\":\""
                + region.online
                + "\",\"name\":\"kitchen\",\"connected\":true,\"return_value\":2}");
    assertThat(region.gateway.asked.getLast())
        .isInstanceOfSatisfying(
            GatewayRequest.CallFunction.class,
            call -> {
              assertThat(call.argument()).isEqualTo("on");
              assertThat(call.timeoutMillis()).isEqualTo(300);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"arg=four", "params=four", "args=four"})
  void takesTheArgumentUnderEachOfItsNames(String form) {
    var reply = region.call("POST", "/v1/devices/kitchen/led").form(form);

    assertThat(reply.json().getInteger("return_value")).isEqualTo(4);
  }

  @Test
  void answersBareValuesWhereAsked() {
    assertThat(region.call("POST", "/v1/devices/kitchen/led").form("arg=on&format=raw").text())
        .isEqualTo("2");
    assertThat(region.call("GET", "/v1/devices/kitchen/temp?format=raw").send().text())
        .isEqualTo("21.5");
    assertThat(region.call("GET", "/v1/devices/kitchen/name?format=raw").send().text())
        .isEqualTo("böb");
  }

  @Test
  void readsAVariable() {
    var reply = region.call("GET", "/v1/devices/kitchen/temp").send();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().fieldNames()).containsExactly("cmd", "name", "result", "coreInfo");
    assertThat(reply.json().getString("cmd")).isEqualTo("VarReturn");
    assertThat(reply.json().getDouble("result")).isEqualTo(21.5);
    assertThat(reply.json().getJsonObject("coreInfo").fieldNames())
        .containsExactly(
            "name",
            "deviceID",
            "connected",
            "last_heard",
            "last_handshake_at",
            "last_app",
            "product_id");
    assertThat(reply.json().getJsonObject("coreInfo").getBoolean("connected")).isTrue();
  }

  @Test
  void saysWhatADeviceDoesNotOffer() {
    var call = callFunction("kitchen", "nope");
    var read = region.call("GET", "/v1/devices/kitchen/nope").send();

    assertThat(call.status()).isEqualTo(404);
    assertThat(call.text()).isEqualTo("{\"ok\":false,\"error\":\"Function nope not found\"}");
    assertThat(read.status()).isEqualTo(404);
    assertThat(read.text()).isEqualTo("{\"ok\":false,\"error\":\"Variable not found\"}");
  }

  @Test
  void answersAtOnceForADeviceThatIsOffline() {
    var call = callFunction("attic", "led");
    var read = region.call("GET", "/v1/devices/attic/temp").send();

    assertThat(region.gateway.asked)
        .as("the map knows nothing of it, so the gateways are asked who holds it")
        .hasSize(2)
        .allMatch(GatewayRequest.Find.class::isInstance);
    assertThat(call.status()).isEqualTo(400);
    assertThat(call.text()).isEqualTo(TIMED_OUT_CALL);
    assertThat(read.status()).isEqualTo(408);
    assertThat(read.text()).isEqualTo(TIMED_OUT_READ);
  }

  @Test
  void answersForADeviceThatIsSilent() {
    assertThat(callFunction("kitchen", "silent").text()).isEqualTo(TIMED_OUT_CALL);
    assertThat(region.call("GET", "/v1/devices/kitchen/silent").send().text())
        .isEqualTo(TIMED_OUT_READ);
  }

  @Test
  void neverPassesADevicesWordsOffAsItsOwn() {
    var reply = callFunction("kitchen", "sick");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error")).isEqualTo("The device answered: invalid_token");
  }

  @Test
  void saysThatADeviceIsBusy() {
    var reply = callFunction("kitchen", "busy");

    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("Retry-After")).hasValue("1");
  }

  @Test
  void looksForADeviceThatHasMovedOnceMore() {
    long old = 1;
    Region.done(
        region.bus.serve(
            "gateway.old",
            GatewayRequest.class,
            request -> {
              // Between the look-up and the question, the device has connected elsewhere.
              return region
                  .gateway
                  .connect(region.sessions, region.offline, old + 1)
                  .map(_ -> new io.starling.contract.GatewayReply.Moved());
            }));
    Region.done(
        region.sessions.put(
            region.offline.toString(), new SessionEntry("old", old, true, 0, "192.0.2.8")));

    assertThat(callFunction("attic", "led").json().getInteger("return_value")).isEqualTo(2);
  }

  @Test
  void findsADeviceThatTheMapOfSessionsWasNotToldOf() {
    region.gateway.hold(region.offline, 7);

    assertThat(callFunction("attic", "led").json().getInteger("return_value")).isEqualTo(2);
  }

  @Test
  void asksTheGatewayThatHoldsTheHighestEpoch() {
    var thawed = new FakeGateway("thawed");
    Region.done(thawed.serve(region.vertx, region.bus));
    thawed.hold(region.offline, 6);
    region.gateway.hold(region.offline, 7);
    // Once the edge has heard that it is there, it is asked as well.
    await()
        .untilAsserted(
            () -> {
              var _ = callFunction("attic", "led");
              assertThat(thawed.asked).isNotEmpty();
            });
    region.gateway.asked.clear();

    assertThat(callFunction("attic", "led").json().getInteger("return_value")).isEqualTo(2);
    assertThat(region.gateway.asked).anyMatch(GatewayRequest.CallFunction.class::isInstance);
    assertThat(thawed.asked).noneMatch(GatewayRequest.CallFunction.class::isInstance);
  }

  @Test
  void failsACallSoonWhoseGatewayFallsSilent() {
    try (var patient = Region.start(Map.of("STARLING_API_CALL_TIMEOUT", "60s"))) {
      patient.gateway.freeze();
      long began = System.nanoTime();

      var reply = patient.call("POST", "/v1/devices/kitchen/led").form("arg=on");

      assertThat(reply.text()).isEqualTo(TIMED_OUT_CALL);
      assertThat(System.nanoTime() - began).isLessThan(30_000_000_000L);
    }
  }

  @Test
  void asksNoThirdTime() {
    Region.done(
        region.sessions.put(
            region.offline.toString(), new SessionEntry("gw", 99, true, 0, "192.0.2.8")));

    var reply = callFunction("attic", "led");

    assertThat(reply.text()).isEqualTo(TIMED_OUT_CALL);
    assertThat(region.gateway.asked)
        .hasSize(2)
        .first()
        .isInstanceOf(GatewayRequest.CallFunction.class);
    assertThat(region.gateway.asked).last().isInstanceOf(GatewayRequest.Find.class);
  }

  @Test
  void givesUpOnAGatewayThatIsGone() {
    Region.done(
        region.sessions.put(
            region.offline.toString(), new SessionEntry("gone", 99, true, 0, "192.0.2.8")));

    assertThat(callFunction("attic", "led").text()).isEqualTo(TIMED_OUT_CALL);
    assertThat(region.call("GET", "/v1/devices/attic/temp").send().text())
        .isEqualTo(TIMED_OUT_READ);
  }

  @Test
  void givesUpOnAGatewayThatIsFrozen() {
    Region.done(
        region.bus.serve("gateway.frozen", GatewayRequest.class, _ -> Future.future(_ -> {})));
    Region.done(
        region.sessions.put(
            region.offline.toString(), new SessionEntry("frozen", 99, true, 0, "192.0.2.8")));
    long began = System.nanoTime();

    assertThat(callFunction("attic", "led").text()).isEqualTo(TIMED_OUT_CALL);
    assertThat(System.nanoTime() - began).isBetween(1_200_000_000L, 5_000_000_000L);
  }

  @Test
  void refusesArgumentsThatAreTooLong() {
    var reply = region.call("POST", "/v1/devices/kitchen/led").form("arg=" + "x".repeat(1_025));

    assertThat(reply.status()).isEqualTo(400);
    assertThat(region.gateway.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%2Fb", "a+b", "%23", "%0A"})
  void letsNoNameReachIntoAnotherTopic(String name) {
    assertThat(callFunction("kitchen", name).status()).isEqualTo(404);
    assertThat(region.call("GET", "/v1/devices/kitchen/" + name).send().status()).isEqualTo(404);
    assertThat(region.gateway.asked).isEmpty();
  }

  @Test
  void pings() {
    assertThat(region.call("PUT", "/v1/devices/kitchen/ping").send().text())
        .isEqualTo("{\"online\":true,\"ok\":true}");
    assertThat(region.call("PUT", "/v1/devices/attic/ping").send().text())
        .isEqualTo("{\"online\":false,\"ok\":true}");
  }

  @Test
  void hasATwinBelowTheProduct() {
    for (String product : List.of("77", "thermo")) {
      String device = "/v1/products/" + product + "/devices/kitchen";
      assertThat(region.call("GET", device + "/temp").send().json().getDouble("result"))
          .isEqualTo(21.5);
      assertThat(
              region.call("POST", device + "/led").form("arg=on").json().getInteger("return_value"))
          .isEqualTo(2);
      assertThat(region.call("PUT", device + "/ping").send().json().getBoolean("online")).isTrue();
    }
    var theirs =
        region
            .anonymous("GET", "/v1/products/77/devices/kitchen/temp")
            .header("Authorization", "Bearer " + Region.OTHER_TOKEN)
            .send();
    assertThat(theirs.status()).isEqualTo(404);
    assertThat(theirs.text()).isEqualTo("{\"ok\":false,\"error\":\"Product not found.\"}");
  }

  @Test
  void countsWhatBecameOfCallsAndReads() {
    var noted = new CopyOnWriteArrayList<HistoryRequest.UsageNote>();
    Region.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            request -> {
              noted.addAll(((HistoryRequest.NoteUsage) request).notes());
              return Future.succeededFuture(new HistoryReply.UsageNoted());
            }));
    assertThat(callFunction("kitchen", "led").status()).isEqualTo(200);
    assertThat(callFunction("kitchen", "dance").status()).isEqualTo(404);
    assertThat(callFunction(region.offline.toString(), "led").status()).isEqualTo(400);
    assertThat(region.call("GET", "/v1/devices/kitchen/temp").send().status()).isEqualTo(200);
    assertThat(region.call("GET", "/v1/devices/kitchen/nothing").send().status()).isEqualTo(404);
    region.close();

    assertThat(noted.stream().map(note -> note.kind() + " " + note.device() + " " + note.count()))
        .containsExactlyInAnyOrder(
            UsageKind.FUNCTION_SUCCESS + " " + region.online + " 1",
            UsageKind.FUNCTION_FAILURE + " " + region.online + " 1",
            UsageKind.FUNCTION_OFFLINE + " " + region.offline + " 1",
            UsageKind.VARIABLE_SUCCESS + " " + region.online + " 1",
            UsageKind.VARIABLE_FAILURE + " " + region.online + " 1");
    assertThat(noted).allMatch(note -> note.account().equals(region.person));
  }
}
