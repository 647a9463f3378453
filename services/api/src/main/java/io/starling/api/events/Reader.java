package io.starling.api.events;

import io.starling.bootstrap.interest.JournalReader;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.http.EventStream;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: in each shard either live, or behind, because its reader came back to where it
 * was; then it reads the journal, page by page as the reader takes them, until it has come up.
 * Belongs to one event loop.
 */
final class Reader {
  private static final List<String> EVERYTHING = List.of("#");
  private static final long PAUSE_MILLIS = 100;

  private final Vertx vertx;
  private final JournalReader journal;
  private final LiveFeed feed;
  private final EventStream stream;
  private final Subscription subscription;
  private final @Nullable JournalPosition[] behind;
  private final boolean[] asking;
  private boolean shown;
  private @Nullable StreamCursor told;

  /** A stream that is live in all shards. */
  Reader(
      Vertx vertx,
      JournalReader journal,
      LiveFeed feed,
      EventStream stream,
      Subscription subscription,
      int shards) {
    this.vertx = vertx;
    this.journal = journal;
    this.feed = feed;
    this.stream = stream;
    this.subscription = subscription;
    this.behind = new JournalPosition[shards];
    this.asking = new boolean[shards];
  }

  EventStream stream() {
    return stream;
  }

  Subscription subscription() {
    return subscription;
  }

  /** Goes on from where its reader was. */
  void resume(StreamCursor from) {
    for (int shard = 0; shard < behind.length; shard++) {
      behind[shard] = from.positions().get(shard);
    }
    for (int shard = 0; shard < behind.length; shard++) {
      pull(shard);
    }
  }

  /** Tells whether it wants an event of a shard that has come live. */
  boolean wants(Event event, int shard) {
    return behind[shard] == null && subscription.matches(event);
  }

  /** Shows an event; false if the reader is too slow, and the stream over. */
  boolean show(Buffer text) {
    shown = true;
    return stream.send(text);
  }

  /** Tells the reader where it is, if it was shown something since the last time. */
  void mark() {
    if (shown) {
      shown = false;
      var _ = tell();
    }
  }

  /** Tells the reader where it is; false if that is what it was told last, or not known. */
  boolean tell() {
    var here = here();
    if (here.isEmpty() || here.get().equals(told)) {
      return false;
    }
    told = here.get();
    return stream.send(told.block());
  }

  private Optional<StreamCursor> here() {
    var positions = new ArrayList<JournalPosition>(behind.length);
    for (int shard = 0; shard < behind.length; shard++) {
      var own = behind[shard];
      var at = own == null ? feed.at(shard) : Optional.of(own);
      if (at.isEmpty()) {
        return Optional.empty();
      }
      positions.add(at.get());
    }
    return Optional.of(new StreamCursor(positions));
  }

  private void pull(int shard) {
    var from = behind[shard];
    var until = feed.at(shard);
    if (from == null || asking[shard] || stream.closed().isComplete()) {
      return;
    }
    if (until.isPresent() && from.compareTo(until.get()) >= 0) {
      behind[shard] = null;
      return;
    }
    asking[shard] = true;
    if (until.isEmpty() || !stream.hasRoom()) {
      later(shard);
      return;
    }
    var account = subscription.principal().account();
    journal
        .read(shard, account, EVERYTHING, from, until.get())
        .onSuccess(reply -> answered(shard, from, reply))
        .onFailure(_ -> later(shard));
  }

  private void later(int shard) {
    var _ =
        vertx.setTimer(
            PAUSE_MILLIS,
            _ -> {
              asking[shard] = false;
              pull(shard);
            });
  }

  private void answered(int shard, JournalPosition from, RelayReply.ReadReply reply) {
    switch (reply) {
      case RelayReply.NotLeader _ -> later(shard);
      case RelayReply.Purged(var first) -> advance(shard, from, first);
      case RelayReply.Records(var _, var events, var next) -> {
        for (var batch = EventBatch.of(events); batch.next(); ) {
          var event = batch.event();
          if (subscription.matches(event)) {
            var _ = show(EventText.of(event, subscription));
          }
        }
        advance(shard, from, next);
      }
    }
  }

  private void advance(int shard, JournalPosition from, JournalPosition next) {
    if (next.compareTo(from) <= 0) {
      // A leader that has not applied yet what another one has committed.
      later(shard);
      return;
    }
    behind[shard] = next;
    mark();
    asking[shard] = false;
    pull(shard);
  }
}
