package io.starling.api.events;

import io.starling.bootstrap.interest.CatchUp;
import io.starling.bootstrap.interest.JournalReader;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.http.EventStream;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: in each shard either live, or behind, because its reader came back to where it
 * was; then it reads the journal, page by page as the reader takes them, until it has come up.
 * Belongs to one event loop.
 */
final class Reader implements CatchUp.Follower {
  private static final List<String> EVERYTHING = List.of("#");

  private final EventStream stream;
  private final Subscription subscription;
  private final CatchUp catchUp;
  private final int shards;
  private @Nullable StreamCursor told;

  /** A stream that is live in all shards. */
  Reader(
      Vertx vertx,
      JournalReader journal,
      LiveFeed feed,
      EventStream stream,
      Subscription subscription,
      int shards) {
    this.stream = stream;
    this.subscription = subscription;
    this.shards = shards;
    var account = subscription.account();
    this.catchUp = new CatchUp(vertx, journal, account, shards, feed::at, this);
    stream.onRoom(catchUp::pull);
    stream.closed().onComplete(_ -> catchUp.close());
  }

  EventStream stream() {
    return stream;
  }

  Subscription subscription() {
    return subscription;
  }

  /** Goes on from where its reader was. */
  void resume(StreamCursor from) {
    for (int shard = 0; shard < shards; shard++) {
      catchUp.from(shard, from.positions().get(shard));
    }
    catchUp.pull();
  }

  /** Tells whether it wants an event of a shard that has come live. */
  boolean wants(Event event, int shard) {
    return !catchUp.isBehind(shard) && subscription.matches(event);
  }

  /** Shows an event; false if the reader is too slow, and the stream over. */
  boolean show(EventText text) {
    return stream.send(text.in(subscription));
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
    var positions = new ArrayList<JournalPosition>(shards);
    for (int shard = 0; shard < shards; shard++) {
      var at = catchUp.at(shard);
      if (at.isEmpty()) {
        return Optional.empty();
      }
      positions.add(at.get());
    }
    return Optional.of(new StreamCursor(positions));
  }

  @Override
  public List<String> filters() {
    return EVERYTHING;
  }

  @Override
  public boolean hasRoom() {
    return stream.hasRoom();
  }

  @Override
  public void take(int shard, JournalPosition from, RelayReply.Records page) {
    boolean shown = false;
    for (var batch = EventBatch.of(page.events()); batch.next(); ) {
      var event = batch.event();
      if (subscription.matches(event)) {
        shown |= show(new EventText(event));
      }
    }
    if (shown) {
      var _ = tell();
    }
  }

  @Override
  public void missed() {
    // What is no longer kept cannot be shown, and the stream has no words for it.
  }
}
