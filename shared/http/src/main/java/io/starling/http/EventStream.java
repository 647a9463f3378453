package io.starling.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * An open answer of server-sent events (WHATWG HTML, section 9.2). Events that come in one turn of
 * the event loop go out together, as many as fit into a packet, but each in one write, because
 * Particle's client garbles characters that are cut by a packet. What the reader has not taken is
 * bounded: beyond that the stream ends, and the client connects again.
 *
 * <p>Belongs to the context of its request.
 */
public final class EventStream {
  private static final Buffer HELLO = Buffer.buffer(":ok\n\n");
  private static final Buffer KEEP_ALIVE = Buffer.buffer("\n");
  private static final Buffer TOO_SLOW = Buffer.buffer(":too slow\n\n");
  private static final long LAST_WORDS_MILLIS = 1_000;

  /** What surely fits into one packet, with the frames around it. */
  private static final int PACKET_BYTES = 1_200;

  private final Vertx vertx;
  private final HttpServerResponse response;
  private final int maxPendingBytes;
  private final Promise<Void> closed = Promise.promise();
  private Buffer collected = Buffer.buffer();
  private long pendingBytes;
  private long lastWriteNanos;
  private boolean over;
  private Runnable onRoom = () -> {};

  private EventStream(Vertx vertx, HttpServerResponse response, int maxPendingBytes) {
    this.vertx = vertx;
    this.response = response;
    this.maxPendingBytes = maxPendingBytes;
  }

  /**
   * Begins the answer: head and first comment go out at once.
   *
   * @param maxPendingBytes what may wait for a slow reader
   */
  public static EventStream open(Vertx vertx, Exchange exchange, int maxPendingBytes) {
    var response = exchange.request().response();
    var stream = new EventStream(vertx, response, maxPendingBytes);
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
        .putHeader("Cache-Control", "no-cache")
        .putHeader("X-Accel-Buffering", "no")
        .endHandler(_ -> stream.gone())
        .closeHandler(_ -> stream.gone())
        .exceptionHandler(_ -> stream.gone());
    if (response.closed()) {
      // The reader left before the answer began: nobody would tell.
      stream.gone();
    } else {
      stream.write(HELLO);
    }
    return stream;
  }

  /**
   * Sends an event.
   *
   * @param event whole, with its empty line; never changed afterwards
   * @return false if the reader is too slow: the stream is over
   */
  public boolean send(Buffer event) {
    if (over) {
      return true;
    }
    if (collected.length() + event.length() > PACKET_BYTES) {
      flush();
    }
    // An event that is larger than the bound by itself still goes to a reader who keeps up.
    if (pendingBytes > 0 && pendingBytes + collected.length() + event.length() > maxPendingBytes) {
      end(TOO_SLOW);
      return false;
    }
    if (collected.length() == 0) {
      vertx.runOnContext(_ -> flush());
    }
    collected.appendBuffer(event);
    return true;
  }

  /** Sends a bare newline if nothing was sent for so long. */
  public void keepAlive(long idleMillis) {
    if (isIdle(idleMillis)) {
      write(KEEP_ALIVE);
    }
  }

  /** Tells whether nothing was sent for so long. */
  public boolean isIdle(long idleMillis) {
    return !over && System.nanoTime() - lastWriteNanos >= idleMillis * 1_000_000;
  }

  /** Tells whether the reader has taken most of what it was sent. */
  public boolean hasRoom() {
    return pendingBytes + collected.length() < maxPendingBytes / 2;
  }

  /** Calls the listener whenever the reader has taken something, and most of it. */
  public void onRoom(Runnable listener) {
    onRoom = listener;
  }

  /** Ends the stream, telling why in a comment. */
  public void end(String comment) {
    if (!over) {
      end(Buffer.buffer(":" + comment + "\n\n"));
    }
  }

  /** Completes when the stream is over, whoever ended it. */
  public Future<Void> closed() {
    return closed.future();
  }

  private void end(Buffer lastWords) {
    flush();
    over = true;
    var taken = response.end(lastWords);
    // A reader that does not even take these would hold the queue until the idle timeout.
    var _ =
        vertx.setTimer(
            LAST_WORDS_MILLIS,
            _ -> {
              if (!taken.isComplete()) {
                var _ = response.reset();
              }
            });
  }

  private void flush() {
    if (!over && collected.length() > 0) {
      var bytes = collected;
      collected = Buffer.buffer();
      write(bytes);
    }
  }

  private void write(Buffer bytes) {
    lastWriteNanos = System.nanoTime();
    pendingBytes += bytes.length();
    response.write(bytes).onFailure(_ -> gone()).onComplete(_ -> taken(bytes.length()));
  }

  private void taken(int bytes) {
    pendingBytes -= bytes;
    if (!over && hasRoom()) {
      onRoom.run();
    }
  }

  private void gone() {
    over = true;
    closed.tryComplete();
  }
}
