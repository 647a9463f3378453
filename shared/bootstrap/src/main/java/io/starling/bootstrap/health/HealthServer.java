package io.starling.bootstrap.health;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The health port: {@code GET /health} (JSON, part by part; 503 while a part is down or the start
 * is not finished), {@code GET /live} (the event loop turns), {@code GET /metrics} (Prometheus).
 * Asks nobody else: what it says is what this process knows. Services may add pages of their own.
 */
public final class HealthServer extends VerticleBase {
  private final Health health;
  private final Metrics metrics;
  private final String node;
  private final String host;
  private final int port;
  private final BooleanSupplier ready;
  private final Map<String, Page> pages = new HashMap<>();
  private @Nullable HttpServer server;

  /** A server for one process; {@code ready} tells whether all services have started. */
  public HealthServer(
      Health health, Metrics metrics, String node, String host, int port, BooleanSupplier ready) {
    this.health = health;
    this.metrics = metrics;
    this.node = node;
    this.host = host;
    this.port = port;
    this.ready = ready;
  }

  /** A page that is not this server's own; called on its event loop. */
  public interface Page {
    /** Answers a request; completes when the answer has ended. */
    Future<?> answer(HttpServerRequest request);
  }

  /** Adds a page; before it is deployed. */
  public HealthServer with(String path, Page page) {
    pages.put(path, page);
    return this;
  }

  @Override
  public Future<?> start() {
    server =
        vertx.createHttpServer(
            new HttpServerOptions().setHost(host).setPort(port).setIdleTimeout(30));
    return server.requestHandler(this::answer).listen();
  }

  /** The port it listens on, once it is deployed. */
  public int actualPort() {
    return server == null ? port : server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    var page = pages.get(request.path());
    if (page != null) {
      var _ = page.answer(request);
      return;
    }
    var response = request.response();
    var _ =
        switch (request.path()) {
          case "/health" -> {
            var body = body();
            yield response
                .setStatusCode(body.getString("status").equals("down") ? 503 : 200)
                .putHeader("content-type", "application/json")
                .end(body.encodePrettily() + "\n");
          }
          case "/live" -> response.end("ok\n");
          case "/metrics" ->
              response
                  .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
                  .end(metrics.scrape());
          default ->
              response
                  .setStatusCode(404)
                  .putHeader("content-type", "application/json")
                  .end("{\"error\":\"not found: try /health, /live or /metrics\"}\n");
        };
  }

  private JsonObject body() {
    var parts = new JsonObject();
    var worst = ready.getAsBoolean() ? Health.Status.UP : Health.Status.DOWN;
    for (var entry : health.look().entrySet()) {
      var part = entry.getValue();
      var json = new JsonObject().put("status", name(part.status())).put("note", part.note());
      part.figures().forEach(json::put);
      parts.put(entry.getKey(), json);
      worst = part.status().compareTo(worst) > 0 ? part.status() : worst;
    }
    return new JsonObject()
        .put("node", node)
        .put("ready", ready.getAsBoolean())
        .put("status", name(worst))
        .put("parts", parts);
  }

  private static String name(Health.Status status) {
    return status.name().toLowerCase(java.util.Locale.ROOT);
  }
}
