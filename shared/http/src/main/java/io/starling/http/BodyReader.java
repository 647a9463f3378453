package io.starling.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Locale;

/**
 * Reads request bodies, up to a size and a time: who sends more slowly than that holds no memory.
 * Must be called in the turn of the event loop in which the request came.
 */
final class BodyReader {
  private final Vertx vertx;
  private final long maxBytes;
  private final Duration deadline;

  BodyReader(Vertx vertx, long maxBytes, Duration deadline) {
    this.vertx = vertx;
    this.maxBytes = maxBytes;
    this.deadline = deadline;
  }

  /** What came of reading. */
  sealed interface Body {}

  /** It is read. */
  record Read(Fields fields) implements Body {}

  /** It cannot be used, and the connection neither if it is still being sent. */
  record Unusable(Answer.Whole answer, boolean unread) implements Body {}

  Future<Body> read(HttpServerRequest request) {
    if (!hasBody(request)) {
      return Future.succeededFuture(new Read(Fields.none()));
    }
    if (declaredLength(request) > maxBytes) {
      return Future.succeededFuture(tooLarge());
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      var _ = request.response().writeContinue();
    }
    return collect(request);
  }

  private Future<Body> collect(HttpServerRequest request) {
    Promise<Body> promise = Promise.promise();
    Buffer bytes = Buffer.buffer();
    long timer =
        vertx.setTimer(
            deadline.toMillis(),
            _ -> promise.tryComplete(new Unusable(Errors.error(408, "Body too slow"), true)));
    request.handler(
        chunk -> {
          if (promise.future().isComplete()) {
            return;
          }
          if (bytes.length() + chunk.length() > maxBytes) {
            promise.tryComplete(tooLarge());
          } else {
            bytes.appendBuffer(chunk);
          }
        });
    request.exceptionHandler(
        _ -> promise.tryComplete(new Unusable(Errors.badRequest("Body cut short"), true)));
    request.endHandler(_ -> promise.tryComplete(parse(request, bytes)));
    return promise.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private static Body parse(HttpServerRequest request, Buffer bytes) {
    String type = request.headers().get(HttpHeaders.CONTENT_TYPE);
    String lower = type == null ? "" : type.toLowerCase(Locale.ROOT);
    if (isMultipart(request)) {
      return new Unusable(Errors.error(415, "Multipart bodies are not taken here"), false);
    }
    return Fields.parse(bytes, lower.startsWith("application/x-www-form-urlencoded"))
        .<Body>map(Read::new)
        .orElseGet(() -> new Unusable(Errors.badRequest("The body is not a JSON object"), false));
  }

  static boolean isMultipart(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
  }

  private static Unusable tooLarge() {
    return new Unusable(Errors.error(413, "Request body too large"), true);
  }

  static boolean hasBody(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || declaredLength(request) > 0
        || (request.version() == HttpVersion.HTTP_2 && !request.isEnded());
  }

  private static long declaredLength(HttpServerRequest request) {
    String text = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
