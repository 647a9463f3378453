package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.embedded.EmbeddedDatabase;
import io.starling.testing.account.CloudApi;
import io.starling.testing.client.Credentials;
import io.starling.testing.fleet.Arrivals;
import io.starling.testing.fleet.Fleet;
import io.starling.testing.fleet.FleetOptions;
import io.starling.testing.sink.SseEvent;
import io.starling.testing.sink.SseReader;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Promise 12, on one machine: PostgreSQL is stopped under load, the server is restarted without it,
 * and then it returns.
 */
class DatabaseOutageIT {
  private static final int DEVICES = 20;
  private static final int EVENTS_PER_SECOND = 200;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @Test
  void nothingStopsWhileTheDatabaseIsAwayAndEachEventBecomesOneRowWhenItIsBack() {
    try (var database = EmbeddedDatabase.start(folder.resolve("database"));
        var server = new Server(folder.resolve("data")).with(database).start()) {
      var sink = get(WebhookSink.open(vertx));
      var api = get(CloudApi.logIn(vertx, server.demo()));
      get(api.createWebhook("temp", sink.url()));
      var credentials = get(api.createDevices(server.demo().get("PRODUCT_ID"), 2 * DEVICES));
      var stream = get(SseReader.open(vertx, api.eventsUrl()));

      var first = fleet(server, "temp/first", credentials.subList(0, DEVICES));
      get(first.drive(EVENTS_PER_SECOND, Duration.ofSeconds(2)));
      aFrozenDatabaseIsToldWithinASecond(database, server, api);
      database.stop();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> configurationIsRefusedWithinASecond(server, api));
      get(first.drive(EVENTS_PER_SECOND, Duration.ofSeconds(4)));
      var later = fleet(server, "temp/later", credentials.subList(DEVICES, 2 * DEVICES));
      get(later.burst(200));
      settled(first);
      settled(later);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> nothingIsLost(first, named(stream, "temp/first")));
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> nothingIsLost(later, named(stream, "temp/later")));
      get(first.close());
      get(later.close());

      server.process().kill();
      server.start();
      var restarted = fleet(server, "temp/restarted", credentials.subList(0, DEVICES));
      get(restarted.burst(200));
      settled(restarted);
      var fleets = Map.of("temp/first", first, "temp/later", later, "temp/restarted", restarted);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  fleets.forEach(
                      (name, fleet) -> nothingIsLost(fleet, Deliveries.texts(sink, name))));
      get(restarted.close());

      database.restart();
      fleets.forEach((name, fleet) -> eachIsOneRowInOrder(database, name, fleet));
      assertThat(server.process().output().toString())
          .doesNotContain(api.token())
          .doesNotContain(credentials.getFirst().secret());
    }
  }

  private Fleet fleet(Server server, String topic, List<Credentials> credentials) {
    var fleet =
        get(Fleet.create(vertx, FleetOptions.of(server.target()).withTopic(topic), credentials));
    get(fleet.connect(Duration.ofSeconds(20)));
    return fleet;
  }

  private static void eachIsOneRowInOrder(EmbeddedDatabase database, String name, Fleet fleet) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> nothingIsLost(fleet, Rows.payloads(database, name)));
    var arrivals = Arrivals.check(fleet, Rows.payloads(database, name));
    assertThat(arrivals.repeated()).as("rows for the same event").isZero();
    assertThat(arrivals.disordered()).isEmpty();
    assertThat((long) arrivals.arrived()).isEqualTo(fleet.report().published());
  }

  private static List<String> named(SseReader stream, String name) {
    return stream.events().stream()
        .filter(event -> event.name().equals(name))
        .map(SseEvent::data)
        .toList();
  }

  private static void settled(Fleet fleet) {
    var report = get(fleet.settle(Duration.ofSeconds(20)));
    assertThat(report.pending()).as("not acknowledged").isZero();
  }

  private static void nothingIsLost(Fleet fleet, List<String> received) {
    var arrivals = Arrivals.check(fleet, received);
    assertThat(arrivals.lost()).isEmpty();
  }

  /** A busy machine may be late once, and not each time. */
  private static void aFrozenDatabaseIsToldWithinASecond(
      EmbeddedDatabase database, Server server, CloudApi api) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              database.freeze();
              try {
                configurationIsRefusedWithinASecond(server, api);
              } finally {
                database.thaw();
                await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> writeConfiguration(server, api).statusCode() / 100 == 2);
              }
            });
  }

  private static void configurationIsRefusedWithinASecond(Server server, CloudApi api) {
    long before = System.nanoTime();
    var answer = writeConfiguration(server, api);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
  }

  private static HttpResponse<String> writeConfiguration(Server server, CloudApi api) {
    var body = new JsonObject().put("event", "x").put("url", "http://127.0.0.1:1/").encode();
    return Http.post(
        server.api("/v1/integrations"),
        body,
        "Authorization",
        "Bearer " + api.token(),
        "Content-Type",
        "application/json");
  }
}
