package io.starling.testing.sink;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An HTTP endpoint on a free port that records every request and answers as it is told; 200 unless
 * told otherwise. Thread-safe. {@link #close} frees the port.
 */
public final class WebhookSink {
  private static final int MAX_BODY_BYTES = 16 << 20;

  private final Vertx vertx;
  private final HttpServer server;
  private final String host;
  private final Recording<Delivery> recording;
  private final AtomicLong received = new AtomicLong();
  private final List<Consumer<Delivery>> handlers = new CopyOnWriteArrayList<>();
  private volatile Function<Delivery, Reply> behaviour = _ -> Reply.status(200);

  private WebhookSink(Vertx vertx, HttpServer server, String host, int capacity) {
    this.vertx = vertx;
    this.server = server;
    this.host = host;
    this.recording = new Recording<>(capacity);
  }

  /** Listens on a free port of the loopback address and keeps up to a million deliveries. */
  public static Future<WebhookSink> open(Vertx vertx) {
    return open(vertx, 0, 1_000_000);
  }

  /**
   * Listens on this port of the loopback address (0: a free one).
   *
   * @param capacity how many deliveries are kept; those after are counted only
   */
  public static Future<WebhookSink> open(Vertx vertx, int port, int capacity) {
    return open(vertx, "127.0.0.1", port, capacity);
  }

  /** Listens at this address. */
  public static Future<WebhookSink> open(Vertx vertx, String host, int port, int capacity) {
    var options = new HttpServerOptions().setAcceptBacklog(4096).setTcpNoDelay(true);
    var server = vertx.createHttpServer(options);
    var sink = new WebhookSink(vertx, server, host, capacity);
    return server.requestHandler(sink::receive).listen(port, host).map(sink);
  }

  public int port() {
    return server.actualPort();
  }

  /** The address to give to an integration. */
  public String url() {
    return "http://" + host + ":" + port() + "/";
  }

  /** From now on every request is answered so. */
  public void answer(Reply reply) {
    behaviour = _ -> reply;
  }

  public void answer(int status) {
    answer(Reply.status(status));
  }

  /** From now on each request is answered as this says; it is asked on an event loop. */
  public void answer(Function<Delivery, Reply> how) {
    behaviour = how;
  }

  /** Called with each delivery, on an event loop, before it is answered. */
  public void onDelivery(Consumer<Delivery> handler) {
    handlers.add(handler);
  }

  /** What was received so far, in the order of arrival. */
  public List<Delivery> deliveries() {
    return recording.all();
  }

  /** The bodies of what was received so far, as text. */
  public List<String> bodies() {
    return deliveries().stream().map(Delivery::text).toList();
  }

  /** How many requests were received, kept or not. */
  public long count() {
    return received.get();
  }

  /** Forgets what was received; the count goes on. */
  public void clear() {
    recording.clear();
  }

  public Future<Void> close() {
    return server.close();
  }

  private void receive(HttpServerRequest request) {
    var response = request.response();
    request
        .body()
        .onSuccess(
            body -> {
              if (body.length() > MAX_BODY_BYTES) {
                response.setStatusCode(413).end();
              } else {
                record(request, body);
              }
            });
  }

  private void record(HttpServerRequest request, Buffer body) {
    var delivery =
        new Delivery(
            received.getAndIncrement(),
            System.nanoTime(),
            request.method().name(),
            request.uri(),
            request.headers(),
            body);
    recording.add(delivery);
    handlers.forEach(handler -> handler.accept(delivery));
    switch (behaviour.apply(delivery)) {
      case Reply.Answer(var status, var headers, var text) -> {
        var response = request.response().setStatusCode(status);
        headers.forEach(response::putHeader);
        response.end(text);
      }
      case Reply.AnswerAfter(var delay, var status) ->
          vertx.setTimer(
              Math.max(1, delay.toMillis()), _ -> request.response().setStatusCode(status).end());
      case Reply.Hang() -> {}
      case Reply.Drip drip -> drip(request.response(), drip);
      case Reply.Cut() -> request.connection().close();
    }
  }

  private void drip(HttpServerResponse response, Reply.Drip drip) {
    response.setStatusCode(drip.status()).setChunked(true).writeHead();
    var sent = new AtomicLong();
    vertx.setPeriodic(
        Math.max(1, drip.every().toMillis()),
        timer -> {
          var at = (int) sent.getAndIncrement();
          if (response.closed()) {
            vertx.cancelTimer(timer);
          } else if (at >= drip.body().length()) {
            vertx.cancelTimer(timer);
            response.end();
          } else {
            response.write(drip.body().getBuffer(at, at + 1));
          }
        });
  }
}
