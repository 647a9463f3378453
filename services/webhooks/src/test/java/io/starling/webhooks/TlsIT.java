package io.starling.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.IntegrationId;
import io.starling.testing.server.TestKeys;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints over TLS whose certificate nobody signed. */
final class TlsIT {
  @Test
  void checksTheCertificateUnlessToldNotTo(@TempDir Path folder) throws Exception {
    var keys = TestKeys.make(folder, "localhost");
    var vertx = Vertx.vertx();
    try (var stage = new Stage()) {
      var taken = new AtomicInteger();
      var options =
          new HttpServerOptions()
              .setSsl(true)
              .setKeyCertOptions(
                  new PfxOptions().setPath(keys.file().toString()).setPassword(keys.password()));
      var server =
          vertx
              .createHttpServer(options)
              .requestHandler(
                  request -> {
                    taken.incrementAndGet();
                    var _ = request.response().end();
                  });
      int port = Stage.await(server.listen(0, "127.0.0.1")).actualPort();
      var id = IntegrationId.create();
      var hook =
          new JsonObject().put("event", "temp").put("url", "https://localhost:" + port + "/");
      var _ = stage.hook(id, hook);
      var life = stage.start();
      stage.publish("temp", 1);
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  assertThat(life.count("starling.webhooks.attempts", "outcome", "unavailable"))
                      .isPositive());
      assertThat(taken).hasValue(0);
      var _ = stage.hook(id, hook.copy().put("rejectUnauthorized", false));
      await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(taken).hasValue(1));
    } finally {
      var _ = Stage.await(vertx.close());
    }
  }
}
