package io.starling.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One request of a test, built and sent. */
final class Call {
  private final HttpClient http;
  private final Described described;
  private final String method;
  private final HttpRequest.Builder request;
  private HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.noBody();

  /**
   * A request.
   *
   * @param described what the answer is held against
   */
  Call(HttpClient http, Described described, String method, String url) {
    this.http = http;
    this.described = described;
    this.method = method;
    this.request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(60));
  }

  /** What came back. */
  record Reply(HttpResponse<String> response) {
    int status() {
      return response.statusCode();
    }

    String text() {
      return response.body();
    }

    JsonObject json() {
      return new JsonObject(response.body());
    }

    JsonArray array() {
      return new JsonArray(response.body());
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }
  }

  Call header(String name, String value) {
    var _ = request.setHeader(name, value);
    return this;
  }

  Reply send() {
    try {
      var sent = request.method(method, body).build();
      return checked(new Reply(http.send(sent, HttpResponse.BodyHandlers.ofString())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  CompletableFuture<Reply> sendAsync() {
    return http.sendAsync(
            request.method(method, body).build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> checked(new Reply(response)));
  }

  private Reply checked(Reply reply) {
    described.check(
        method,
        reply.response().uri().getRawPath(),
        reply.status(),
        reply.header("Content-Type").orElse(""),
        reply.text());
    return reply;
  }

  Reply json(JsonObject fields) {
    return raw("application/json", fields.encode());
  }

  Reply form(String fields) {
    return raw("application/x-www-form-urlencoded", fields);
  }

  Reply raw(String contentType, String text) {
    body = HttpRequest.BodyPublishers.ofString(text);
    return header("Content-Type", contentType).send();
  }

  /** A file in a multipart body. */
  Reply file(String field, byte[] content) {
    String head =
        "--xyz\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"it\"\r\n\r\n"
            .formatted(field);
    body =
        HttpRequest.BodyPublishers.concat(
            HttpRequest.BodyPublishers.ofString(head),
            HttpRequest.BodyPublishers.ofByteArray(content),
            HttpRequest.BodyPublishers.ofString("\r\n--xyz--\r\n"));
    return header("Content-Type", "multipart/form-data; boundary=xyz").send();
  }
}
