package io.starling.testing.sink;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event stream over HTTP and keeps its events. Thread-safe. Comes back with {@code
 * Last-Event-ID} after a lost connection when told to, 100 ms later (or as the stream asks, up to 5
 * s), until {@link #close}.
 */
public final class SseReader {
  /** How a reader behaves: extra headers, whether it comes back, how many events it keeps. */
  public record Options(Map<String, String> headers, boolean reconnects, int capacity) {
    public static final Options DEFAULT = new Options(Map.of(), false, 1_000_000);

    public Options {
      headers = Map.copyOf(headers);
    }

    public Options reconnecting() {
      return new Options(headers, true, capacity);
    }

    public Options withHeaders(Map<String, String> others) {
      return new Options(others, reconnects, capacity);
    }

    public Options withCapacity(int other) {
      return new Options(headers, reconnects, other);
    }
  }

  private final Vertx vertx;
  private final HttpClient client;
  private final String url;
  private final Options options;
  private final Recording<SseEvent> recording;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final List<Consumer<SseEvent>> handlers = new CopyOnWriteArrayList<>();
  private volatile boolean closed;
  private volatile boolean connected;
  private volatile @Nullable String lastId;

  private SseReader(Vertx vertx, String url, Options options) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false).setConnectTimeout(5_000));
    this.url = url;
    this.options = options;
    this.recording = new Recording<>(options.capacity());
  }

  /**
   * Opens the stream; completes when the server has answered 200, fails when it answers anything
   * else.
   */
  public static Future<SseReader> open(Vertx vertx, String url, Options options) {
    var reader = new SseReader(vertx, url, options);
    return reader.connect().onFailure(_ -> reader.client.close()).map(reader);
  }

  public static Future<SseReader> open(Vertx vertx, String url) {
    return open(vertx, url, Options.DEFAULT);
  }

  /** Called with each event, on an event loop. Events before the call are in {@link #events}. */
  public void onEvent(Consumer<SseEvent> handler) {
    handlers.add(handler);
  }

  public List<SseEvent> events() {
    return recording.all();
  }

  /** The data of what was received so far, in order. */
  public List<String> data() {
    return events().stream().map(SseEvent::data).toList();
  }

  /** How many events were received, kept or not. */
  public long count() {
    return received.get();
  }

  public boolean isConnected() {
    return connected;
  }

  /** How often the stream was opened. */
  public long connections() {
    return connections.get();
  }

  public void clear() {
    recording.clear();
  }

  public Future<Void> close() {
    closed = true;
    return client.close();
  }

  private Future<Void> connect() {
    var request = new RequestOptions().setAbsoluteURI(url).setMethod(HttpMethod.GET);
    request.putHeader("accept", "text/event-stream");
    options.headers().forEach(request::putHeader);
    var last = lastId;
    if (last != null) {
      request.putHeader("last-event-id", last);
    }
    return client
        .request(request)
        .compose(r -> r.send().timeout(10, TimeUnit.SECONDS))
        .compose(this::read);
  }

  private Future<Void> read(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return response
          .body()
          .compose(
              body ->
                  Future.failedFuture(
                      "event stream answered " + response.statusCode() + ": " + body));
    }
    connected = true;
    connections.incrementAndGet();
    var parser = new SseParser(this::receive);
    response.exceptionHandler(_ -> lost(parser));
    response.endHandler(_ -> lost(parser));
    response.handler(parser::feed);
    return Future.succeededFuture();
  }

  private void receive(SseEvent event) {
    if (!event.id().isEmpty()) {
      lastId = event.id();
    }
    received.incrementAndGet();
    recording.add(event);
    handlers.forEach(handler -> handler.accept(event));
  }

  private void lost(SseParser parser) {
    if (connected) {
      connected = false;
      retry(Math.clamp(parser.retryMillis().orElse(100L), 1, 5_000));
    }
  }

  private void retry(long millis) {
    if (!closed && options.reconnects()) {
      vertx.setTimer(
          millis,
          _ -> {
            if (!closed) {
              connect().onFailure(_ -> retry(millis));
            }
          });
    }
  }
}
