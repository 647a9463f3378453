package io.starling.api.history;

import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A whole range on its way to a reader: one page in memory, the next one asked for when the reader
 * has taken it. If the history cannot be read any more, or the reader's token ends, the connection
 * is cut, so that nobody takes a part for the whole. Belongs to the context of its request.
 */
public final class Export {
  private static final int MAX_TRIES = 5;
  private static final long PAUSE_MILLIS = 1_000;
  private static final String GZIP = "gzip";

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final String contentType;
  private final Pages pages;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final @Nullable GZIPOutputStream packed;
  private final Promise<Void> over = Promise.promise();
  private boolean gone;

  /**
   * What is written at a time.
   *
   * @param next of the page behind it, null if this is the last
   */
  public record Page(Iterable<String> lines, @Nullable String next) {}

  /** Where pages come from. */
  public interface Pages {
    /** The next one; fails while there is none. */
    Future<Page> after(String place);

    /** Whether the reader may still have them. */
    boolean isAllowed();
  }

  /** One that has written nothing. */
  public Export(Vertx vertx, Exchange exchange, String contentType, Pages pages) {
    this.vertx = vertx;
    this.response = exchange.request().response();
    this.contentType = contentType;
    this.pages = pages;
    this.packed = wantsGzip(exchange) ? packer(written) : null;
  }

  private static boolean wantsGzip(Exchange exchange) {
    var accepted = exchange.request().getHeader("Accept-Encoding");
    if (accepted == null) {
      return false;
    }
    for (String coding : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = coding.replace(" ", "").split(";", 2);
      if (parts[0].equals(GZIP) && (parts.length == 1 || !parts[1].matches("q=0(\\.0*)?"))) {
        return true;
      }
    }
    return false;
  }

  private static GZIPOutputStream packer(ByteArrayOutputStream target) {
    try {
      return new GZIPOutputStream(target, 512, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers, from a first page on.
   *
   * @return completes when it is over, however it ended
   */
  public Future<Void> run(String head, Page first) {
    response
        .setChunked(true)
        .putHeader("Cache-Control", "no-store")
        .putHeader("Vary", "Accept, Accept-Encoding")
        .putHeader("Content-Type", contentType)
        .exceptionHandler(_ -> gone = true)
        .closeHandler(_ -> gone = true);
    if (packed != null) {
      response.putHeader("Content-Encoding", GZIP);
    }
    gone |= response.closed();
    write(head);
    go(first);
    return over.future();
  }

  /** Not a chain of futures: a long range would be a deep one. */
  private void go(Page page) {
    page.lines().forEach(this::write);
    String next = page.next();
    if (next == null) {
      response.end(taken(true)).onComplete(_ -> over.tryComplete());
      return;
    }
    var slice = taken(false);
    var sent = slice.length() == 0 ? Future.<Void>succeededFuture() : response.write(slice);
    sent.compose(_ -> page(next, 1)).onSuccess(this::go).onFailure(_ -> cut());
  }

  private void cut() {
    var _ = response.reset();
    over.tryComplete();
  }

  private Future<Page> page(String place, int attempt) {
    if (gone || !pages.isAllowed()) {
      return Future.failedFuture("nobody to read it");
    }
    return pages
        .after(place)
        .recover(
            cause ->
                attempt < MAX_TRIES
                    ? pause().compose(_ -> page(place, attempt + 1))
                    : Future.failedFuture(cause));
  }

  private Future<Void> pause() {
    Promise<Void> over = Promise.promise();
    var _ = vertx.setTimer(PAUSE_MILLIS, _ -> over.complete());
    return over.future();
  }

  private void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      (packed == null ? written : packed).write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Buffer taken(boolean last) {
    try {
      if (packed != null && last) {
        packed.finish();
      } else if (packed != null) {
        packed.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var bytes = Buffer.buffer(written.toByteArray());
    written.reset();
    return bytes;
  }
}
