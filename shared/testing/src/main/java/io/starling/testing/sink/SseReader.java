package io.starling.testing.sink;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event stream over HTTP and keeps its events. Thread-safe. Comes back with {@code
 * Last-Event-ID} after a lost connection when told to, 100 ms later (or as the stream asks, up to 5
 * s), until {@link #close}.
 */
public final class SseReader {
  private static final long LOOK_MILLIS = 250;

  /**
   * How a reader behaves.
   *
   * @param capacity how many events it keeps
   * @param otherUrls the same stream at other nodes, tried in turn when it comes back
   * @param idleLimit after such a silence it takes the connection for dead; zero: never
   */
  public record Options(
      Map<String, String> headers,
      boolean reconnects,
      int capacity,
      List<String> otherUrls,
      Duration idleLimit) {
    public static final Options DEFAULT =
        new Options(Map.of(), false, 1_000_000, List.of(), Duration.ZERO);

    public Options {
      headers = Map.copyOf(headers);
      otherUrls = List.copyOf(otherUrls);
    }

    public Options reconnecting() {
      return new Options(headers, true, capacity, otherUrls, idleLimit);
    }

    /** Comes back, after a silence too, to one of these in turn. */
    public Options reconnectingTo(List<String> urls, Duration silence) {
      return new Options(headers, true, capacity, urls, silence);
    }

    public Options withHeaders(Map<String, String> others) {
      return new Options(others, reconnects, capacity, otherUrls, idleLimit);
    }

    public Options withCapacity(int other) {
      return new Options(headers, reconnects, other, otherUrls, idleLimit);
    }
  }

  private final Vertx vertx;
  private final HttpClient client;
  private final List<String> urls;
  private final Options options;
  private final Recording<SseEvent> recording;
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong connections = new AtomicLong();
  private final List<Consumer<SseEvent>> handlers = new CopyOnWriteArrayList<>();
  private volatile boolean closed;
  private volatile boolean connected;
  private volatile @Nullable String lastId;
  private volatile long heardNanos;
  private final AtomicInteger attempts = new AtomicInteger();
  private final List<Consumer<Boolean>> connectionHandlers = new CopyOnWriteArrayList<>();

  private SseReader(Vertx vertx, String url, Options options) {
    this.vertx = vertx;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(false).setConnectTimeout(5_000));
    this.urls = Stream.concat(Stream.of(url), options.otherUrls().stream()).toList();
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

  /** Called with true when the stream is open and with false when it is lost; open now: at once. */
  public void onConnection(Consumer<Boolean> handler) {
    connectionHandlers.add(handler);
    if (connected) {
      handler.accept(true);
    }
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
    var url = urls.get(attempts.getAndIncrement() % urls.size());
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
    heardNanos = System.nanoTime();
    connections.incrementAndGet();
    connectionHandlers.forEach(handler -> handler.accept(true));
    var parser = new SseParser(this::receive);
    response.exceptionHandler(_ -> lost(parser));
    response.endHandler(_ -> lost(parser));
    response.handler(
        chunk -> {
          heardNanos = System.nanoTime();
          parser.feed(chunk);
        });
    if (options.idleLimit().isPositive()) {
      watch(response);
    }
    return Future.succeededFuture();
  }

  private void watch(HttpClientResponse response) {
    var number = connections.get();
    vertx.setPeriodic(
        LOOK_MILLIS,
        timer -> {
          if (!connected || closed || connections.get() != number) {
            vertx.cancelTimer(timer);
          } else if (System.nanoTime() - heardNanos > options.idleLimit().toNanos()) {
            vertx.cancelTimer(timer);
            response.request().connection().close();
          }
        });
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
      connectionHandlers.forEach(handler -> handler.accept(false));
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
