package io.starling.webhooks.send;

import io.starling.webhooks.request.OutboundRequest.Header;
import io.starling.webhooks.response.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One request under way, until it has become an {@link Attempt}. Belongs to one event loop. */
final class Call {
  /** So much is kept of an answer that a character at the limit can be told to be cut. */
  private static final int MOST_KEPT = Answer.MAX_BYTES + 4;

  private final Promise<Attempt> promise = Promise.promise();
  private final Stopwatch watch;
  private final long deadlineNanos;
  private final KeptBytes room;
  private final List<Header> shown = new ArrayList<>(0);
  private @Nullable HttpClientRequest request;
  private @Nullable Attempt outcome;
  private int read;
  private int status;

  /** The beginning of the answer, whatever it says. */
  private final Buffer excerpt = Buffer.buffer(0);

  private @Nullable Buffer body;
  private String contentType = "";

  Call(long nowNanos, long limitNanos, KeptBytes room) {
    watch = new Stopwatch(nowNanos);
    deadlineNanos = nowNanos + limitNanos;
    this.room = room;
  }

  /** A header is sent that is not of the request itself. */
  void shows(Header header) {
    shown.add(header);
  }

  /** These headers with what was sent beside them. */
  List<Header> shown(List<Header> own) {
    return Stream.concat(own.stream(), shown.stream()).toList();
  }

  Future<Attempt> attempt() {
    return promise.future();
  }

  Stopwatch watch() {
    return watch;
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

  /** Its status decides; the rest is read so that the connection can be used again. */
  void answered(Attempt decided, HttpClientResponse response) {
    watch.answered(System.nanoTime());
    outcome = decided;
    status = response.statusCode();
    if (decided instanceof Attempt.Delivered) {
      body = Buffer.buffer();
      String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
      contentType = type == null ? "" : type;
    }
    response.handler(this::count);
    response.exceptionHandler(_ -> promise.tryComplete(decided));
    response.endHandler(_ -> promise.tryComplete(decided));
  }

  private void count(Buffer chunk) {
    int left = Math.max(0, Talk.MAX_EXCERPT - read);
    excerpt.appendBuffer(chunk, 0, Math.min(chunk.length(), left));
    read += chunk.length();
    keep(chunk);
    if (read > Answer.MAX_BYTES) {
      end("answer too long");
    }
  }

  private void keep(Buffer chunk) {
    if (body == null) {
      return;
    }
    int more = Math.min(chunk.length(), MOST_KEPT - body.length());
    if (room.take(more)) {
      body.appendBuffer(chunk, 0, more);
    } else {
      room.free(body.length());
      body = null;
    }
  }

  /** The answer is with whoever asked, or nobody's. */
  void done() {
    room.free(body == null ? 0 : body.length());
  }

  @Nullable Answer answer() {
    return body == null ? null : new Answer(body, contentType);
  }

  int status() {
    return status;
  }

  Buffer excerpt() {
    return excerpt;
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
  boolean expire(long nowNanos) {
    if (nowNanos - deadlineNanos < 0) {
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
