package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Usage;
import io.starling.contract.UsageKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was used, by the API. */
class UsageIT {
  private static final String DAY = "?by=day&start=2026-01-01&end=2026-01-03";

  /** As many of each kind as its code says, but for times. */
  private static final Map<UsageKind, Long> COUNTS =
      Arrays.stream(UsageKind.values())
          .collect(
              Collectors.toMap(
                  kind -> kind,
                  kind -> kind == UsageKind.ONLINE_SECONDS ? 179L : (long) kind.code()));

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
            List.of(
                new Used(1_767_225_600_000L, 3, 30, COUNTS),
                new Used(1_767_312_000_000L, 4, 40, Map.of()))));
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
                  .put("calls", 21)
                  .put("deliveries", 15)
                  .put("delivery_attempts", 10)
                  .put("connections", 11)
                  .put("online_minutes", 2)
                  .put(
                      "usage",
                      new JsonArray()
                          .add(used("2026-01-01T00:00:00.000Z", 3, 30, 21, 15, 10, 11, 2))
                          .add(used("2026-01-02T00:00:00.000Z", 4, 40, 0, 0, 0, 0, 0))));
    }
    assertThat(asked)
        .containsExactly(
            new Usage(region.person, 77, null, null, start, end, true),
            new Usage(region.person, 77, region.online, null, start, end, true),
            new Usage(region.person, 0, region.online, null, start, end, true),
            new Usage(region.person, 0, null, null, start, end, true));
    var csv = region.call("GET", "/v1/user/usage").header("Accept", "text/csv").send();
    assertThat(csv.text().lines())
        .containsExactly(
            "at,events,bytes,calls,deliveries,delivery_attempts,connections,online_minutes",
            "2026-01-01T00:00:00.000Z,3,30,21,15,10,11,2",
            "2026-01-02T00:00:00.000Z,4,40,0,0,0,0,0");
  }

  private static JsonObject used(String at, int... counts) {
    var names =
        List.of(
            "events",
            "bytes",
            "calls",
            "deliveries",
            "delivery_attempts",
            "connections",
            "online_minutes");
    var json = new JsonObject().put("at", at);
    for (int i = 0; i < counts.length; i++) {
      json.put(names.get(i), counts[i]);
    }
    return json;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          online      | {"online":13}                            | at,online                  | 13
          events      | {"events":3}                             | at,events                  | 3
          integration | {"success":7,"failure":8,"sleep":9}      | at,success,failure,sleep   | 7,8,9
          functions   | {"success":1,"failure":2,"offline":3}    | at,success,failure,offline | 1,2,3
          variables   | {"success":4,"failure":5,"offline":6}    | at,success,failure,offline | 4,5,6
          """)
  void tellsMetricsOfAProductWithoutZeros(String name, String counts, String head, String row) {
    relaysSay(
        new HistoryReply.UsageFound(
            List.of(
                new Used(1_767_225_600_000L, 3, 30, COUNTS),
                new Used(1_767_312_000_000L, 0, 0, Map.of()))));
    String path = "/v1/products/77/metrics/" + name + DAY;
    var at = new JsonObject().put("at", "2026-01-01T00:00:00.000Z");

    assertThat(region.call("GET", path).send().json())
        .isEqualTo(
            new JsonObject()
                .put("by", "day")
                .put("metrics", new JsonArray().add(at.mergeIn(new JsonObject(counts)))));
    assertThat(region.call("GET", path).header("Accept", "text/csv").send().text().lines())
        .containsExactly(head, "2026-01-01T00:00:00.000Z," + row);
    long start = 1_767_225_600_000L;
    assertThat(asked)
        .containsOnly(
            new Usage(region.person, 77, null, null, start, start + 2 * 86_400_000L, true));
  }

  @Test
  void tellsMetricsOfGroupsOrADevice() {
    relaysSay(new HistoryReply.UsageFound(List.of()));
    String path = "/v1/products/77/metrics/online" + DAY;

    for (String none : List.of("&groups=nobody", "&device=theirs", "&device=nobody")) {
      assertThat(region.call("GET", path + none).send().json().getJsonArray("metrics")).isEmpty();
    }
    assertThat(asked).isEmpty();
    assertThat(region.call("GET", path + "&device=kitchen").send().status()).isEqualTo(200);
    assertThat(((Usage) asked.getFirst()).among()).containsExactly(region.online);
    assertThat(region.call("GET", path + "&firmware_version=3").send().status()).isEqualTo(400);
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
