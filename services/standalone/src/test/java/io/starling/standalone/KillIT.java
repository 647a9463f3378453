package io.starling.standalone;

import static io.starling.standalone.Waiting.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.embedded.EmbeddedDatabase;
import io.starling.testing.account.CloudApi;
import io.starling.testing.fleet.Arrivals;
import io.starling.testing.fleet.Fleet;
import io.starling.testing.fleet.FleetOptions;
import io.starling.testing.sink.WebhookSink;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 1, on one machine: the server process is killed while a fleet publishes. */
class KillIT {
  private static final int DEVICES = 50;
  private static final int EVENTS_PER_SECOND = 300;

  @TempDir Path data;
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @Test
  void everyAcknowledgedEventSurvivesSigkillInTheDatabaseAndAtTheWebhook() {
    var sink = get(WebhookSink.open(vertx));
    try (var server = new Server(data.resolve("data")).start()) {
      var api = get(CloudApi.logIn(vertx, server.demo()));
      get(api.createWebhook("temp", sink.url()));
      var credentials = get(api.createDevices(server.demo().get("PRODUCT_ID"), DEVICES));
      var fleet = get(Fleet.create(vertx, FleetOptions.of(server.target()), credentials));
      get(fleet.connect(Duration.ofSeconds(30)));

      var drive = fleet.drive(EVENTS_PER_SECOND, Duration.ofSeconds(20));
      killAndStartAgain(server, fleet);
      killAndStartAgain(server, fleet);
      get(drive);
      var report = get(fleet.settle(Duration.ofSeconds(30)));
      System.out.println("SIGKILL twice: " + report.summary());

      assertThat(fleet.acknowledged()).hasSizeGreaterThan(1_000);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(Arrivals.check(fleet, Deliveries.texts(sink, "temp")).lost())
                      .as("missing at the webhook")
                      .isEmpty());
      checkRows(server, fleet);
      get(fleet.close());
    }
  }

  private static void killAndStartAgain(Server server, Fleet fleet) {
    int before = fleet.acknowledged().size();
    await().atMost(Duration.ofSeconds(20)).until(() -> fleet.acknowledged().size() > before + 400);
    server.process().kill();
    server.start();
  }

  private void checkRows(Server server, Fleet fleet) {
    // The embedded database belongs to the server: asked once that has given it back.
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(drainOf(server).getString("note")).isEqualTo("in step"));
    assertThat(server.process().terminate(Duration.ofSeconds(10)))
        .as("stops when told to")
        .isTrue();
    try (var database = EmbeddedDatabase.start(server.data().resolve("postgres"))) {
      var arrivals = Arrivals.check(fleet, Rows.payloads(database, "temp"));
      assertThat(arrivals.lost()).as("missing in the database").isEmpty();
      assertThat(arrivals.repeated()).as("rows for the same event").isZero();
      assertThat(arrivals.disordered()).isEmpty();
    }
  }

  private static JsonObject drainOf(Server server) {
    return new JsonObject(Http.get(server.health("/health")).body())
        .getJsonObject("parts")
        .getJsonObject("drain");
  }
}
