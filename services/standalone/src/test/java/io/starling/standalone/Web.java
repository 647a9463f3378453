package io.starling.standalone;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server that trusts its proxy, each time from another address, so that no wrong guess of
 * one test slows another down; a few requests at a time.
 */
final class Web implements AutoCloseable {
  private static final int AT_A_TIME = 6;
  private static final int TRIES = 10;
  static final String JSON = "application/json";
  static final String FORM = "application/x-www-form-urlencoded";

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger addresses = new AtomicInteger();
  private final Semaphore room = new Semaphore(AT_A_TIME);
  private final String base;

  Web(String base) {
    this.base = base;
  }

  /** What came back; of a stream, only that it came. */
  record Reply(int status, String text, HttpHeaders headers) {
    JsonObject json() {
      return new JsonObject(text);
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /** A request; no token: an empty one. */
  record Ask(String method, String path, String token, String type, String body) {
    static Ask of(String method, String path, String token, @Nullable JsonObject body) {
      return new Ask(method, path, token, JSON, body == null ? "" : ascii(body.encode()));
    }
  }

  /** JSON whose lone surrogates are sent as what they are, not as question marks. */
  private static String ascii(String json) {
    var text = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      text.append(c < 128 ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return text.toString();
  }

  static String escaped(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest request(Ask ask) {
    int number = addresses.incrementAndGet();
    var request =
        HttpRequest.newBuilder(URI.create(base + ask.path()))
            .timeout(Duration.ofSeconds(60))
            .header(
                "X-Forwarded-For",
                "10.%d.%d.%d".formatted(number >> 16 & 255, number >> 8 & 255, number & 255))
            .method(
                ask.method(),
                ask.body().isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(ask.body()));
    if (!ask.body().isEmpty()) {
      request.header("Content-Type", ask.type());
    }
    if (!ask.token().isEmpty()) {
      request.header("Authorization", "Bearer " + ask.token());
    }
    return request.build();
  }

  private static Reply read(HttpResponse<InputStream> response) {
    boolean stream =
        response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
    try (var body = response.body()) {
      String text = stream ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
      return new Reply(response.statusCode(), text, response.headers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks as soon as there is room. */
  CompletableFuture<Reply> begin(Ask ask) {
    room.acquireUninterruptibly();
    return send(ask, TRIES).whenComplete((_, _) -> room.release());
  }

  /** A server that has too much to do says so, and is asked again. */
  private CompletableFuture<Reply> send(Ask ask, int tries) {
    return http.sendAsync(request(ask), HttpResponse.BodyHandlers.ofInputStream())
        .thenApplyAsync(Web::read)
        .thenCompose(
            reply ->
                reply.status() == 503 && tries > 1
                    ? later().thenCompose(_ -> send(ask, tries - 1))
                    : CompletableFuture.completedFuture(reply));
  }

  private static CompletableFuture<Void> later() {
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS));
  }

  /** Asks and waits. */
  Reply ask(Ask ask) {
    return begin(ask).join();
  }

  /** Asks for something that must succeed. */
  @CanIgnoreReturnValue
  JsonObject done(String method, String path, String token, JsonObject body) {
    return done(Ask.of(method, path, token, body));
  }

  @CanIgnoreReturnValue
  JsonObject done(Ask ask) {
    var reply = ask(ask);
    if (reply.status() >= 300) {
      throw new AssertionError(ask + " was answered " + reply);
    }
    return reply.json();
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
