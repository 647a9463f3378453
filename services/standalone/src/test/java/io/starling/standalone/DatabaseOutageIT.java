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
import io.starling.testing.sink.SseReader;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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

      var first = fleet(server, credentials.subList(0, DEVICES));
      get(first.drive(EVENTS_PER_SECOND, Duration.ofSeconds(2)));
      database.stop();
      configurationIsRefusedWithinASecond(server, api);
      get(first.drive(EVENTS_PER_SECOND, Duration.ofSeconds(4)));
      var laterConnected = fleet(server, credentials.subList(DEVICES, 2 * DEVICES));
      get(laterConnected.burst(200));
      settled(first);
      settled(laterConnected);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> nothingIsLost(first, stream.data()));
      get(first.close());
      get(laterConnected.close());

      server.process().kill();
      server.start();
      var afterRestart = fleet(server, credentials.subList(0, DEVICES));
      get(afterRestart.burst(200));
      settled(afterRestart);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  Stream.of(first, laterConnected, afterRestart)
                      .forEach(fleet -> nothingIsLost(fleet, texts(sink))));
      get(afterRestart.close());

      database.restart();
      long published =
          Stream.of(first, laterConnected, afterRestart)
              .mapToLong(fleet -> fleet.report().published())
              .sum();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> Rows.payloads(database, "temp").size() >= published);
      assertThat(Rows.payloads(database, "temp")).hasSize((int) published);
      nothingIsLost(first, Rows.payloads(database, "temp"));
      assertThat(server.process().output().toString())
          .doesNotContain(api.token())
          .doesNotContain(credentials.getFirst().secret());
    }
  }

  private Fleet fleet(Server server, List<Credentials> credentials) {
    var fleet = get(Fleet.create(vertx, FleetOptions.of(server.target()), credentials));
    get(fleet.connect(Duration.ofSeconds(20)));
    return fleet;
  }

  private static void settled(Fleet fleet) {
    var report = get(fleet.settle(Duration.ofSeconds(20)));
    assertThat(report.pending()).as("not acknowledged").isZero();
  }

  private static void nothingIsLost(Fleet fleet, List<String> received) {
    var arrivals = Arrivals.check(fleet, received);
    assertThat(arrivals.lost()).isEmpty();
  }

  private static List<String> texts(WebhookSink sink) {
    return sink.deliveries().stream().map(delivery -> delivery.text()).toList();
  }

  private static void configurationIsRefusedWithinASecond(Server server, CloudApi api) {
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              long before = System.nanoTime();
              var body =
                  new JsonObject().put("event", "x").put("url", "http://127.0.0.1:1/").encode();
              var answer =
                  Http.post(
                      server.api("/v1/integrations"),
                      body,
                      "Authorization",
                      "Bearer " + api.token(),
                      "Content-Type",
                      "application/json");
              assertThat(answer.statusCode()).isEqualTo(503);
              assertThat(answer.headers().firstValue("Retry-After")).isPresent();
              assertThat(Duration.ofNanos(System.nanoTime() - before))
                  .isLessThan(Duration.ofSeconds(1));
            });
  }
}
