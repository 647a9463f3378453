package io.starling.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of the file in a multipart body as they come: no more of it is in memory than one
 * batch and what has been received already. Belongs to the context of the request.
 */
public final class UploadedLines {
  private static final String FIELD = "file";

  private final Vertx vertx;
  private final Exchange exchange;
  private final Limits limits;
  private final Taker taker;
  private final Promise<Optional<Answer.Whole>> ended = Promise.promise();
  private final List<String> lines = new ArrayList<>();
  private Buffer rest = Buffer.buffer();
  private @Nullable HttpServerFileUpload file;
  private long count;
  private long quietSinceNanos = System.nanoTime();
  private boolean taking;
  private boolean over;

  /**
   * What a file may cost.
   *
   * @param lines how many it has at most
   * @param lineBytes how long each is
   * @param batch how many are taken at a time
   * @param silence how long nothing may come
   * @param emptyToo whether empty lines are taken and count, or passed over
   */
  public record Limits(long lines, int lineBytes, int batch, Duration silence, boolean emptyToo) {}

  /** Who wants the lines. */
  public interface Taker {
    /** Takes some; more are read once it has completed, and none if it has failed. */
    Future<?> take(List<String> lines);
  }

  private UploadedLines(Vertx vertx, Exchange exchange, Limits limits, Taker taker) {
    this.vertx = vertx;
    this.exchange = exchange;
    this.limits = limits;
    this.taker = taker;
  }

  /**
   * Reads the file of a request that {@link Exchange#isUpload}.
   *
   * @return empty once all lines are taken, or what to answer where they could not be read; fails
   *     as the taker did
   */
  public static Future<Optional<Answer.Whole>> read(
      Vertx vertx, Exchange exchange, Limits limits, Taker taker) {
    return new UploadedLines(vertx, exchange, limits, taker).read();
  }

  private Future<Optional<Answer.Whole>> read() {
    HttpServerRequest request = exchange.request();
    long timer = vertx.setPeriodic(limits.silence().toMillis() / 4 + 1, _ -> look());
    request.uploadHandler(this::begin);
    request.exceptionHandler(_ -> refuse(Errors.badRequest("Body cut short")));
    request.endHandler(_ -> bodyOver());
    request.resume();
    return ended.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private void bodyOver() {
    if (file == null) {
      refuse(Errors.badRequest("There must be a " + FIELD + " with one id a line"));
    }
  }

  private void look() {
    if (!taking && System.nanoTime() - quietSinceNanos > limits.silence().toNanos()) {
      refuse(Errors.error(408, "Body too slow"));
    }
  }

  private void refuse(Answer.Whole answer) {
    ended.tryComplete(Optional.of(answer));
  }

  private void begin(HttpServerFileUpload upload) {
    if (file != null || !FIELD.equals(upload.name())) {
      refuse(Errors.badRequest("There must be one " + FIELD + " with one id a line"));
      upload.handler(_ -> {});
      return;
    }
    file = upload;
    upload.handler(this::received);
    upload.exceptionHandler(_ -> refuse(Errors.badRequest("Body cut short")));
    upload.endHandler(
        _ -> {
          over = true;
          if (rest.length() > 0) {
            line(rest.toString(StandardCharsets.UTF_8));
          }
          takeNext();
        });
  }

  private void received(Buffer chunk) {
    quietSinceNanos = System.nanoTime();
    if (ended.future().isComplete()) {
      return;
    }
    int from = 0;
    for (int i = 0; i < chunk.length(); i++) {
      if (chunk.getByte(i) == '\n') {
        line(rest.appendBuffer(chunk.slice(from, i)).toString(StandardCharsets.UTF_8));
        rest = Buffer.buffer();
        from = i + 1;
      }
    }
    rest.appendBuffer(chunk.slice(from, chunk.length()));
    if (rest.length() > limits.lineBytes()) {
      refuse(Errors.badRequest("A line is longer than " + limits.lineBytes() + " bytes"));
    } else if (lines.size() >= limits.batch()) {
      takeNext();
    }
  }

  private void line(String text) {
    String line = text.strip();
    if (line.isEmpty() && !limits.emptyToo()) {
      return;
    }
    count++;
    if (count > limits.lines()) {
      refuse(Errors.error(413, "At most " + limits.lines() + " lines are taken at once"));
    } else if (line.length() > limits.lineBytes()) {
      refuse(Errors.badRequest("A line is longer than " + limits.lineBytes() + " bytes"));
    } else {
      lines.add(line);
    }
  }

  /** Nothing is read while something is taken. */
  private void takeNext() {
    if (taking || ended.future().isComplete()) {
      return;
    }
    if (lines.isEmpty()) {
      finishOrGoOn();
      return;
    }
    var upload = file;
    if (upload != null && !over) {
      upload.pause();
    }
    taking = true;
    var some = lines.subList(0, Math.min(lines.size(), limits.batch()));
    var batch = List.copyOf(some);
    some.clear();
    taker
        .take(batch)
        .onComplete(
            done -> {
              taking = false;
              quietSinceNanos = System.nanoTime();
              if (done.failed()) {
                ended.tryFail(done.cause());
              } else if (over || lines.size() >= limits.batch()) {
                takeNext();
              } else {
                finishOrGoOn();
              }
            });
  }

  private void finishOrGoOn() {
    var upload = file;
    if (over) {
      ended.tryComplete(Optional.empty());
    } else if (upload != null) {
      upload.resume();
    }
  }
}
