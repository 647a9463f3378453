package io.starling.relay.route;

import io.starling.journal.Position;
import io.starling.journal.ReadResult;
import io.starling.relay.shard.Shard;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the end of a shard's log while this node leads it, and routes what was committed. Belongs
 * to the relay's event loop.
 */
public final class LiveTail {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTail.class);
  private static final int CHUNK_BYTES = 256 << 10;

  private final Shard shard;
  private final LiveRouter router;
  private Position next;
  private boolean reading;

  /** A tail that starts at what is committed next. */
  public LiveTail(Shard shard, LiveRouter router) {
    this.shard = shard;
    this.router = router;
    this.next = shard.log().committedEnd();
    shard.commits().each(this::turn);
  }

  private void turn() {
    if (reading || !shard.leads()) {
      return;
    }
    var end = shard.log().committedEnd();
    if (next.compareTo(end) >= 0) {
      return;
    }
    if (router.isIdle()) {
      // Nobody listens: what is committed now is not live for anyone who comes later.
      next = end;
      return;
    }
    reading = true;
    shard
        .log()
        .read(next, CHUNK_BYTES)
        .onSuccess(this::route)
        .onFailure(cause -> skip(end, cause))
        .onComplete(done -> again());
  }

  private void route(ReadResult read) {
    List<Buffer> payloads = new ArrayList<>(read.records().size());
    read.records().forEach(record -> payloads.add(record.payload()));
    router.route(shard.number(), payloads);
    next = read.next();
  }

  private void skip(Position end, Throwable cause) {
    LOG.warn(
        "Live events of shard {} up to {} are skipped: {}",
        shard.number(),
        end,
        cause.getMessage());
    next = end;
  }

  private void again() {
    reading = false;
    turn();
  }
}
