package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.DeviceId;
import io.starling.contract.EventBatch;
import io.starling.contract.GatewayReply;
import io.starling.contract.GatewayRequest;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.EventsReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Events;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vitals, by the API. */
class DiagnosticsIT {
  private static final String PATH = "/v1/diagnostics/kitchen";
  private static final String FIRST =
      "{\"device\":{\"system\":{\"uptime\":7}},\"service\":{\"device\":{\"status\":\"ok\"}}}";
  private static final String SECOND = "{\"device\":{\"power\":{\"source\":\"=USB\"}}}";

  @RegisterExtension private final Region region = Region.start();
  private final List<Events> asked = new CopyOnWriteArrayList<>();

  private void relaysHave(@Nullable String next, String... reports) {
    var events = Buffer.buffer();
    for (String each : reports) {
      EventBatch.write(
          events, region.event(region.online, Region.PRODUCT, Events.VITALS, Buffer.buffer(each)));
    }
    relaysSay(new HistoryReply.EventsFound(events, next));
  }

  private void relaysSay(EventsReply reply) {
    Region.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            request -> {
              asked.add((Events) request);
              return Future.succeededFuture(reply);
            }));
  }

  @Test
  void tellsTheLast() {
    relaysHave("more", FIRST);

    var reply = region.call("GET", PATH + "/last").send();

    assertThat(reply.json())
        .isEqualTo(
            new JsonObject()
                .put(
                    "diagnostics",
                    new JsonObject()
                        .put("updated_at", "2026-01-02T03:04:05.678Z")
                        .put("deviceID", "0123456789abcdef01234567")
                        .put("payload", new JsonObject(FIRST))));
    assertThat(asked)
        .containsExactly(
            new Events(
                region.person,
                0,
                region.online,
                "spark/device/diagnostics/update",
                true,
                null,
                null,
                0,
                Long.MAX_VALUE,
                true,
                null,
                1));
  }

  @Test
  void tellsThoseOfATimeToTheProductToo() {
    relaysHave("p2", FIRST, "no JSON", SECOND);

    var reply =
        region
            .call(
                "GET",
                "/v1/products/77/diagnostics/kitchen?start_date=2026-01-02&end_date=2026-01-03")
            .send();

    var list = reply.json().getJsonArray("diagnostics");
    assertThat(list).hasSize(2);
    assertThat(list.getJsonObject(1).getJsonObject("payload")).isEqualTo(new JsonObject(SECOND));
    assertThat(reply.json().getString("next")).isEqualTo("p2");
    assertThat(asked.getFirst().product()).isEqualTo(Region.PRODUCT);
    assertThat(asked.getFirst().startMillis()).isEqualTo(1_767_312_000_000L);
    assertThat(asked.getFirst().endMillis()).isEqualTo(1_767_398_400_000L);
  }

  @Test
  void areATableForThoseWhoWantOne() {
    relaysHave(null, FIRST, SECOND);

    var reply = region.call("GET", PATH).header("Accept", "text/csv").send();

    String before = "2026-01-02T03:04:05.678Z,0123456789abcdef01234567,";
    assertThat(reply.text())
        .isEqualTo(
            "updated_at,deviceID,device.power.source,device.system.uptime,service.device.status\r\n"
                + (before + ",7,ok\r\n")
                + (before + "'=USB,,\r\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start_date=x",
        "end_date=2026-02-30",
        "start_date=2026-01-02&end_date=2026-01-01"
      })
  void refuseDatesThatAreNone(String query) {
    relaysHave(null);

    var reply = region.call("GET", PATH + "?" + query).send();

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.json().getString("error")).isEqualTo("bad_request");
    assertThat(reply.json().getString("description")).contains("_date must be");
    assertThat(asked).isEmpty();
  }

  @Test
  void areAskedForNow() {
    var reply = region.call("POST", PATH + "/update").send();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().getBoolean("ok")).isTrue();
    assertThat(region.gateway.asked).hasAtLeastOneElementOfType(GatewayRequest.UpdateVitals.class);
  }

  @Test
  void areAskedForInVainWhereADeviceIsSilentOrAway() {
    region.gateway.vitals.put(region.online, new GatewayReply.Silent());

    for (String device : List.of("kitchen", "attic")) {
      for (String base : List.of("/v1", "/v1/products/77")) {
        var reply = region.call("POST", base + "/diagnostics/" + device + "/update").send();
        assertThat(reply.status()).isEqualTo(408);
        assertThat(reply.json().getString("error")).isEqualTo("Timed out.");
      }
    }
  }

  @Test
  void areDescribed() {
    var reply = region.call("GET", PATH + "/metadata").send();

    var tree = reply.json().getJsonObject("diagnostics_metadata");
    assertThat(
            tree.getJsonObject("device")
                .getJsonObject("power")
                .getJsonObject("battery")
                .getJsonObject("charge")
                .getString("title"))
        .isEqualTo("Battery Charge");
  }

  @Test
  void areNobodyElsesBusiness() {
    relaysHave(null, FIRST);
    var absent = DeviceId.of("f".repeat(24));

    for (String end : List.of("", "/last", "/metadata", "/update")) {
      String method = end.equals("/update") ? "POST" : "GET";
      var theirs = region.call(method, "/v1/diagnostics/" + region.foreign + end).send();
      assertThat(theirs.status()).isEqualTo(403);
      assertThat(theirs.text())
          .isEqualTo(region.call(method, "/v1/diagnostics/" + absent + end).send().text());
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void areNotThereWhereNoneWereEverTold() {
    relaysHave(null);

    assertThat(region.call("GET", PATH + "/last").send().status()).isEqualTo(404);
  }

  @Test
  void cannotBeReadForNowWithoutADatabase() {
    relaysSay(new HistoryReply.DatabaseDown(7));

    for (String end : List.of("", "/last")) {
      var reply = region.call("GET", PATH + end).send();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).hasValue("7");
    }
  }
}
