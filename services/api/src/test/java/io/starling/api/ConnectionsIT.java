package io.starling.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Connection;
import io.starling.contract.HistoryReply.ConnectionsReply;
import io.starling.contract.HistoryRequest;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The history of a device's connections, by the API. */
class ConnectionsIT {
  private static final String PATH = "/v1/devices/kitchen/connections";

  @RegisterExtension private final Region region = Region.start();
  private final Queue<HistoryRequest> asked = new ConcurrentLinkedQueue<>();

  private void relaysSay(ConnectionsReply reply) {
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
  void isAPageOfWhatTheRelaysKnow() {
    var gone = new Connection(1_795_000_000_123L, "offline", Map.of("reason", "connection_lost"));
    relaysSay(new HistoryReply.ConnectionsFound(List.of(gone), "1-2-3"));

    var reply = region.call("GET", PATH + "?limit=1&before=4-5-6").send();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json())
        .isEqualTo(
            new JsonObject()
                .put(
                    "connections",
                    new JsonArray()
                        .add(
                            new JsonObject()
                                .put("at", "2026-11-18T11:06:40.123Z")
                                .put("status", "offline")
                                .put("reason", "connection_lost")))
                .put("next", "1-2-3"));
    assertThat(asked)
        .containsExactly(new HistoryRequest.Connections(region.person, region.online, "4-5-6", 1));
  }

  @Test
  void hasATwinBelowTheProduct() {
    relaysSay(new HistoryReply.ConnectionsFound(List.of(), null));

    var reply = region.call("GET", "/v1/products/77/devices/kitchen/connections").send();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(asked)
        .containsExactly(new HistoryRequest.Connections(region.person, region.online, null, 25));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "101", "-1", "x", "1e2", ""})
  void refusesAFoolishLimit(String limit) {
    relaysSay(new HistoryReply.ConnectionsFound(List.of(), null));

    assertThat(region.call("GET", PATH + "?limit=" + limit).send().status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void refusesAPlaceThatIsNone() {
    relaysSay(new HistoryReply.PlaceUnknown());

    assertThat(region.call("GET", PATH + "?before=here").send().status()).isEqualTo(400);
  }

  @Test
  void isNobodyElsesBusiness() {
    relaysSay(new HistoryReply.ConnectionsFound(List.of(), null));

    var theirs = "/v1/devices/" + region.foreign + "/connections";
    assertThat(region.call("GET", theirs).send().status())
        .isEqualTo(region.call("GET", "/v1/devices/" + region.foreign).send().status());
    assertThat(region.anonymous("GET", PATH).send().status()).isEqualTo(400);
    assertThat(asked).isEmpty();
  }

  @Test
  void cannotBeReadForNowWithoutADatabase() {
    relaysSay(new HistoryReply.DatabaseDown(7));

    var reply = region.call("GET", PATH).send();

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).hasValue("7");
  }
}
