package io.starling.webhooks.delivery;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.net.UnknownHostException;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** One request under way, until it has become an {@link Attempt}. */
final class Call {
  private static final int MAX_ANSWER_BYTES = 100 * 1024;

  private final Promise<Attempt> promise = Promise.promise();
  private final InstantSource clock;
  private final long deadlineMillis;
  private @Nullable HttpClientRequest request;
  private @Nullable Attempt outcome;
  private int read;

  Call(InstantSource clock, long deadlineMillis) {
    this.clock = clock;
    this.deadlineMillis = deadlineMillis;
  }

  Future<Attempt> attempt() {
    return promise.future();
  }

  Future<HttpClientResponse> send(HttpClientRequest opened, @Nullable Buffer body) {
    // The response's future tells all that happens; without a handler it would be logged as well.
    opened.exceptionHandler(_ -> {});
    if (promise.future().isComplete()) {
      var _ = opened.reset();
      return Future.failedFuture("too late");
    }
    request = opened;
    return body == null ? opened.send() : opened.send(body);
  }

  /**
   * The status decides; the rest of the answer is read so that the connection can be used again.
   */
  void answered(HttpClientResponse response) {
    String retryAfter = response.getHeader(HttpHeaders.RETRY_AFTER);
    var decided = Attempt.ofStatus(response.statusCode(), RetryAfter.read(retryAfter, clock));
    outcome = decided;
    response.handler(this::count);
    response.exceptionHandler(_ -> promise.tryComplete(decided));
    response.endHandler(_ -> promise.tryComplete(decided));
  }

  private void count(Buffer chunk) {
    read += chunk.length();
    if (read > MAX_ANSWER_BYTES) {
      end("answer too long");
    }
  }

  void failed(Throwable cause) {
    promise.tryComplete(
        switch (cause) {
          case IllegalArgumentException refused ->
              new Attempt.Impossible(String.valueOf(refused.getMessage()));
          case UnknownHostException _ -> new Attempt.Unavailable("unknown host", null);
          default -> new Attempt.Unavailable(text(cause), null);
        });
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  /** Ends it if its time is over; false if it is not. */
  boolean expire(long nowMillis) {
    if (nowMillis < deadlineMillis) {
      return false;
    }
    end("no answer in time");
    return true;
  }

  private void end(String why) {
    promise.tryComplete(outcome == null ? new Attempt.Unavailable(why, null) : outcome);
    if (request != null) {
      var _ = request.reset();
    }
  }
}
