package io.starling.webhooks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * A customer's server: one endpoint per path, each of which answers as it is told. Remembers what
 * came. Thread-safe.
 */
final class Sink {
  /** Stands for no answer at all. */
  static final int HANG = 0;

  /** Stands for an answer that is taken, and of which a byte comes each second. */
  static final int DRIP = 1;

  private final Vertx vertx;
  private final HttpServer server;
  private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
  private final Map<String, Buffer> bodies = new ConcurrentHashMap<>();
  private final Queue<HttpServerRequest> hanging = new ConcurrentLinkedQueue<>();
  private final Queue<Received> received = new ConcurrentLinkedQueue<>();

  /** Cuts the connections of all who wait for an answer. */
  void cutHanging() {
    for (var request = hanging.poll(); request != null; request = hanging.poll()) {
      var _ = request.connection().close();
    }
  }

  /** What to answer to a request: a status, {@link #HANG} or {@link #DRIP}. */
  interface Behaviour {
    int status(Received request);
  }

  /** What came. */
  record Received(
      String path,
      @Nullable String query,
      String webhookId,
      Map<String, String> headers,
      String body,
      long atMillis) {}

  private Sink(Vertx vertx) {
    this.vertx = vertx;
    server = vertx.createHttpServer();
    server.requestHandler(this::take);
  }

  static Future<Sink> open(Vertx vertx) {
    var sink = new Sink(vertx);
    return sink.server.listen(0, "127.0.0.1").map(sink);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  /** What a path answers from now on; 200 unless it is told otherwise. */
  void on(String path, Behaviour behaviour) {
    behaviours.put(path, behaviour);
  }

  /** What a path answers, with whatever status. */
  void body(String path, Buffer body) {
    bodies.put(path, body);
  }

  List<Received> received(String path) {
    return received.stream().filter(one -> one.path().equals(path)).toList();
  }

  Future<Void> close() {
    return server.close();
  }

  private void take(HttpServerRequest request) {
    var _ =
        request
            .body()
            .onSuccess(
                body -> {
                  var headers = new ConcurrentHashMap<String, String>();
                  request
                      .headers()
                      .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
                  var one =
                      new Received(
                          request.path(),
                          request.query(),
                          headers.getOrDefault("webhook-id", ""),
                          headers,
                          body.toString(),
                          System.currentTimeMillis());
                  received.add(one);
                  int status = behaviours.getOrDefault(request.path(), _ -> 200).status(one);
                  if (status == HANG) {
                    hanging.add(request);
                  } else if (status == DRIP) {
                    drip(request);
                  } else {
                    var answer = bodies.getOrDefault(request.path(), Buffer.buffer("ok"));
                    var _ = request.response().setStatusCode(status).end(answer);
                  }
                });
  }

  private void drip(HttpServerRequest request) {
    var response = request.response().setChunked(true);
    long timer = vertx.setPeriodic(0, 1_000, _ -> response.write("x").onFailure(_ -> {}));
    response.closeHandler(_ -> vertx.cancelTimer(timer));
  }
}
