package io.starling.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerFileUpload;
import java.time.Duration;

/** Reads the one file of a multipart body into memory, up to a limit. */
public final class UploadedFile {
  private final Vertx vertx;
  private final Exchange exchange;
  private final long maxBytes;
  private final Duration silence;
  private final Promise<Outcome> ended = Promise.promise();
  private final Buffer content = Buffer.buffer();
  private boolean begun;
  private long quietSinceNanos = System.nanoTime();

  /** What came of reading. */
  public sealed interface Outcome {}

  /** All of the file. */
  public record Read(Buffer content) implements Outcome {}

  /** It could not be read: what to answer. */
  public record Unusable(Answer.Whole answer) implements Outcome {}

  private UploadedFile(Vertx vertx, Exchange exchange, long maxBytes, Duration silence) {
    this.vertx = vertx;
    this.exchange = exchange;
    this.maxBytes = maxBytes;
    this.silence = silence;
  }

  /**
   * Reads the file of a request that {@link Exchange#isUpload}, whatever its field is called.
   *
   * @param silence how long nothing may come
   */
  public static Future<Outcome> read(
      Vertx vertx, Exchange exchange, long maxBytes, Duration silence) {
    return new UploadedFile(vertx, exchange, maxBytes, silence).read();
  }

  private Future<Outcome> read() {
    var request = exchange.request();
    long timer = vertx.setPeriodic(silence.toMillis() / 4 + 1, _ -> look());
    request.uploadHandler(this::begin);
    request.exceptionHandler(_ -> refuse(Errors.badRequest("Body cut short")));
    request.endHandler(_ -> refuse(Errors.badRequest("There must be a file")));
    request.resume();
    return ended.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  private void look() {
    if (System.nanoTime() - quietSinceNanos > silence.toNanos()) {
      refuse(Errors.error(408, "Body too slow"));
    }
  }

  private void refuse(Answer.Whole answer) {
    ended.tryComplete(new Unusable(answer));
  }

  private void begin(HttpServerFileUpload upload) {
    if (begun) {
      refuse(Errors.badRequest("There must be one file"));
      upload.handler(_ -> {});
      return;
    }
    begun = true;
    upload.handler(this::received);
    upload.exceptionHandler(_ -> refuse(Errors.badRequest("Body cut short")));
    upload.endHandler(_ -> ended.tryComplete(new Read(content)));
  }

  private void received(Buffer chunk) {
    quietSinceNanos = System.nanoTime();
    if (ended.future().isComplete()) {
      return;
    }
    if (content.length() + chunk.length() > maxBytes) {
      refuse(Errors.error(413, "A file of at most " + maxBytes + " bytes is taken"));
    } else {
      content.appendBuffer(chunk);
    }
  }
}
