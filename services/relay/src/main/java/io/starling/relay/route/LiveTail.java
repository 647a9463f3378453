package io.starling.relay.route;

import io.starling.journal.Leadership;
import io.starling.journal.Position;
import io.starling.journal.ReadResult;
import io.starling.relay.shard.Shard;
import io.starling.relay.share.SharedRouter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the end of a shard's log while this node leads it, and routes what was committed. Belongs
 * to the relay's event loop.
 *
 * <p>How far everything has arrived is noted in the journal, about once a second: there a new
 * leader begins. So whoever listens may see some events twice when a leader dies, and misses none.
 */
public final class LiveTail {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTail.class);
  private static final String CURSOR = "live";
  private static final int CHUNK_BYTES = 256 << 10;

  /** So long the holders of subscriptions have to say what they want of a new leader. */
  private static final long SETTLE_MILLIS = 300;

  private final Vertx vertx;
  private final Shard shard;
  private final LiveRouter router;
  private final ArrayDeque<Chunk> underWay = new ArrayDeque<>();
  private Position next;
  private int life;
  private boolean reading;
  private boolean settling;

  private record Chunk(Position end, Future<Void> arrived) {}

  /** A tail that does nothing until this node leads. */
  public LiveTail(Vertx vertx, Shard shard, LiveRouter router) {
    this.vertx = vertx;
    this.shard = shard;
    this.router = router;
    this.next = shard.log().committedEnd();
    shard.commits().each(this::turn);
  }

  /** This node leads the shard from now on. What is committed is routed after a moment. */
  public void lead() {
    var cursors = shard.log().cursors();
    var live = Shard.position(cursors.getOrDefault(CURSOR, shard.log().committedEnd()));
    var from = Shard.position(router.lead(shard.number(), live, cursors));
    next = from.compareTo(shard.log().start()) < 0 ? shard.log().start() : from;
    underWay.clear();
    settling = true;
    int since = ++life;
    vertx.setTimer(
        SETTLE_MILLIS,
        _ -> {
          if (since == life) {
            settling = false;
            turn();
          }
        });
  }

  /** Another node leads it. */
  public void follow() {
    life++;
    router.follow(shard.number());
  }

  private void turn() {
    if (reading || settling || !shard.leads() || next.compareTo(shard.log().committedEnd()) >= 0) {
      return;
    }
    reading = true;
    int since = life;
    var end = shard.log().committedEnd();
    shard
        .log()
        .read(next, CHUNK_BYTES)
        .onComplete(
            read -> {
              // What was read before this node lost the shard and led it again says nothing now.
              if (since == life && read.succeeded()) {
                route(read.result());
              } else if (since == life) {
                skip(end, read.cause());
              }
              reading = false;
              turn();
            });
  }

  private void route(ReadResult read) {
    next = read.next();
    var routed = router.route(shard.number(), Shard.position(next), read.records());
    // Entries without records, such as those that note this cursor, are not worth a note.
    if (read.records().isEmpty()) {
      return;
    }
    var chunk = new Chunk(next, routed);
    underWay.add(chunk);
    chunk.arrived().onComplete(_ -> arrived());
  }

  private void arrived() {
    Position to = null;
    while (!underWay.isEmpty() && underWay.peek().arrived().isComplete()) {
      to = underWay.remove().end();
    }
    if (to != null && shard.log().leadership() instanceof Leadership.Leading) {
      // Written once a second; a later one takes its place until then. Nobody waits for it.
      var _ = shard.log().commitCursor(CURSOR, to);
    }
  }

  /**
   * Notes, for a next leader, how far the shared subscriptions are. To be called every second:
   * nothing is written if nothing has changed.
   */
  public void note() {
    if (settling || !shard.leads()) {
      return;
    }
    var standing = shard.log().cursors();
    var now = router.cursors(shard.number());
    now.forEach(
        (name, at) -> {
          if (!Shard.position(at).equals(standing.get(name))) {
            var _ = shard.log().commitCursor(name, Shard.position(at));
          }
        });
    standing.keySet().stream()
        .filter(name -> SharedRouter.isCursor(name) && !now.containsKey(name))
        .forEach(
            name -> {
              var _ = shard.log().removeCursor(name);
            });
  }

  private void skip(Position end, Throwable cause) {
    LOG.warn(
        "Live events of shard {} up to {} are skipped: {}",
        shard.number(),
        end,
        cause.getMessage());
    next = end;
    router.skip(shard.number(), Shard.position(end));
  }
}
