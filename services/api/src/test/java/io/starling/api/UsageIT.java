package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Usage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was used, by the API. */
class UsageIT {
  private static final String DAY = "?by=day&start=2026-01-01&end=2026-01-03";

  @RegisterExtension private final Region region = Region.start();
  private final List<HistoryRequest> asked = new CopyOnWriteArrayList<>();

  private void relaysSay(HistoryReply reply) {
    Region.done(
        region.bus.serve(
            "history",
            HistoryRequest.class,
            request -> {
              asked.add(request);
              return Future.succeededFuture(reply);
            }));
  }

  @Test
  void isOfAProductADeviceOrOneself() {
    relaysSay(
        new HistoryReply.UsageFound(
            List.of(new Used(1_767_225_600_000L, 3, 30), new Used(1_767_312_000_000L, 4, 40))));
    long start = 1_767_225_600_000L;
    long end = start + 2 * 86_400_000L;
    for (String path :
        List.of(
            "/v1/products/77/usage",
            "/v1/products/77/devices/kitchen/usage",
            "/v1/devices/kitchen/usage",
            "/v1/user/usage")) {
      assertThat(region.call("GET", path + DAY).send().json())
          .isEqualTo(
              new JsonObject()
                  .put("by", "day")
                  .put("events", 7)
                  .put("bytes", 70)
                  .put(
                      "usage",
                      new JsonArray()
                          .add(used("2026-01-01T00:00:00.000Z", 3, 30))
                          .add(used("2026-01-02T00:00:00.000Z", 4, 40))));
    }
    assertThat(asked)
        .containsExactly(
            new Usage(region.person, 77, null, start, end, true),
            new Usage(region.person, 77, region.online, start, end, true),
            new Usage(region.person, 0, region.online, start, end, true),
            new Usage(region.person, 0, null, start, end, true));
    var csv = region.call("GET", "/v1/user/usage").header("Accept", "text/csv").send();
    assertThat(csv.text().lines())
        .containsExactly(
            "at,events,bytes", "2026-01-01T00:00:00.000Z,3,30", "2026-01-02T00:00:00.000Z,4,40");
  }

  private static JsonObject used(String at, int events, int bytes) {
    return new JsonObject().put("at", at).put("events", events).put("bytes", bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"?by=minute", "?start=2026-01-03&end=2026-01-02", "?start=2020-01-01", "?start=x"})
  void refusesWhatItCannotAnswer(String query) {
    assertThat(region.call("GET", "/v1/user/usage" + query).send().status()).isEqualTo(400);
  }

  @Test
  void isUnavailableWithoutADatabase() {
    relaysSay(new HistoryReply.DatabaseDown(3));
    assertThat(region.call("GET", "/v1/user/usage").send().status()).isEqualTo(503);
    assertThat(region.call("GET", "/v1/devices/theirs/usage").send().status()).isEqualTo(403);
  }
}
