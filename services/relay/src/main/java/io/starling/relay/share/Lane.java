package io.starling.relay.share;

import io.starling.bootstrap.interest.CatchUp;
import io.starling.contract.EventBatch;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where a group is in one shard: level with what is routed, or behind, then it reads the journal.
 * Belongs to one event loop.
 */
final class Lane implements CatchUp.Follower {
  private final Group group;
  private final int shard;
  private final Giving giving;
  private final Runnable missed;
  private final CatchUp catchUp;
  private long behindSinceNanos;

  /** Of the record that is read next so many events were given already. */
  private int skip;

  // of the record that is being routed
  private @Nullable JournalPosition record;
  private int ordinal;

  /**
   * A lane that is level.
   *
   * @param catchUp makes the way up to what is routed
   * @param missed called when the journal no longer keeps what is to be read
   */
  Lane(
      Group group,
      int shard,
      Giving giving,
      Function<CatchUp.Follower, CatchUp> catchUp,
      Runnable missed) {
    this.group = group;
    this.shard = shard;
    this.giving = giving;
    this.missed = missed;
    this.catchUp = catchUp.apply(this);
  }

  /** Something that matches is routed. */
  void live(JournalPosition position, EventBatch batch, long nowNanos) {
    if (!position.equals(record)) {
      record = position;
      ordinal = 0;
    }
    int before = ordinal++;
    if (isBehind() || (group.hasRoom(nowNanos) && group.offer(item(position, batch), nowNanos))) {
      return;
    }
    if (!group.isDeserted()) {
      fallBehind(position, before, nowNanos);
    }
  }

  private Item item(JournalPosition position, EventBatch batch) {
    return new Item(shard, position, batch.copy());
  }

  /**
   * From here on it reads.
   *
   * @param given how many events of the record there were given already
   */
  void fallBehind(JournalPosition position, int given, long nowNanos) {
    skip = given;
    behindSinceNanos = nowNanos;
    catchUp.from(shard, position);
  }

  boolean isBehind() {
    return catchUp.isBehind(shard);
  }

  /** Tells whether it has been behind since before this time. */
  boolean isBehindSince(long nanos) {
    return isBehind() && behindSinceNanos - nanos < 0;
  }

  /** Where it reads next; null if it is level. */
  @Nullable JournalPosition behindAt() {
    return isBehind() ? catchUp.at(shard).orElse(null) : null;
  }

  /** Reads on, if there is something to read and room for it. */
  void pull() {
    catchUp.pull();
  }

  void close() {
    catchUp.close();
  }

  @Override
  public List<String> filters() {
    return List.of(group.filter().filter().text());
  }

  @Override
  public boolean hasRoom() {
    return group.hasRoom(System.nanoTime());
  }

  @Override
  public void take(int number, JournalPosition from, RelayReply.Records page) {
    long now = System.nanoTime();
    var batch = EventBatch.of(page.events());
    int end = 0;
    for (var next : page.positions()) {
      int given = next.position().equals(from) ? skip : 0;
      int matching = 0;
      end += next.bytes();
      while (batch.end() < end && batch.next()) {
        if (batch.isOf(group.account())
            && group.filter().filter().matches(batch.name())
            && matching++ >= given) {
          group.take(item(next.position(), batch), now);
        }
      }
    }
    skip = 0;
    giving.flush();
  }

  @Override
  public void missed() {
    missed.run();
  }
}
