package io.starling.bootstrap.interest;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The way up to what comes live, for somebody who is behind it in some shards: reads the journal,
 * page by page as they are taken, until nothing is between. In each shard one is either behind, and
 * gets everything from here, or level, and gets what comes live. Belongs to one event loop.
 */
public final class CatchUp {
  private static final long PAUSE_MILLIS = 200;

  private final Vertx vertx;
  private final JournalReader journal;
  private final AccountId account;
  private final IntFunction<Optional<JournalPosition>> live;
  private final Follower follower;
  private final @Nullable Behind[] behind;
  private boolean closed;

  /** Who is behind. */
  public interface Follower {
    /** Topic filters of what it wants; who wants nothing is level. */
    List<String> filters();

    /** Tells whether it takes another page; if not, it calls {@link CatchUp#pull} when it does. */
    boolean hasRoom();

    /**
     * Takes a page, whose end is where it is now.
     *
     * @param from where it was before
     * @param page may have more in it than the follower wants
     */
    void take(int shard, JournalPosition from, RelayReply.Records page);

    /** Something that it should have read is no longer kept. */
    void missed();
  }

  /** A shard in which the follower is behind. */
  private static final class Behind {
    JournalPosition next;
    boolean asking;

    Behind(JournalPosition next) {
      this.next = next;
    }
  }

  /**
   * The way of a follower that is level in all shards.
   *
   * @param account whose events it follows
   * @param shards of the region
   * @param live what has come live of a shard: everything before this position; empty while not
   *     known
   */
  public CatchUp(
      Vertx vertx,
      JournalReader journal,
      AccountId account,
      int shards,
      IntFunction<Optional<JournalPosition>> live,
      Follower follower) {
    this.vertx = vertx;
    this.journal = journal;
    this.account = account;
    this.live = live;
    this.follower = follower;
    this.behind = new Behind[shards];
  }

  /** From here on the follower is behind in a shard; the next {@link #pull} begins to read. */
  public void from(int shard, JournalPosition position) {
    behind[shard] = new Behind(position);
  }

  /** Tells whether the follower is behind in a shard. */
  public boolean isBehind(int shard) {
    return behind[shard] != null;
  }

  /** Tells whether the follower is level in all shards. */
  public boolean isLevel() {
    for (var shard : behind) {
      if (shard != null) {
        return false;
      }
    }
    return true;
  }

  /** Where the follower is in a shard: it was handed everything before; empty while not known. */
  public Optional<JournalPosition> at(int shard) {
    var own = behind[shard];
    return own == null ? live.apply(shard) : Optional.of(own.next);
  }

  /** Reads on where there is something to read, if the follower has room. */
  public void pull() {
    for (int shard = 0; shard < behind.length; shard++) {
      pull(shard);
    }
  }

  /** Reads no more. */
  public void close() {
    closed = true;
  }

  private void pull(int shard) {
    var own = behind[shard];
    if (own == null || own.asking || closed || !follower.hasRoom()) {
      return;
    }
    var until = live.apply(shard);
    var filters = follower.filters();
    if (until.isPresent() && (filters.isEmpty() || own.next.compareTo(until.get()) >= 0)) {
      behind[shard] = null;
      return;
    }
    own.asking = true;
    if (until.isEmpty()) {
      later(shard, own);
      return;
    }
    journal
        .read(shard, account, filters, own.next, until.get())
        .onSuccess(reply -> answered(shard, own, reply))
        .onFailure(_ -> later(shard, own));
  }

  private void later(int shard, Behind own) {
    var _ = vertx.setTimer(PAUSE_MILLIS, _ -> goOn(shard, own));
  }

  private void goOn(int shard, Behind own) {
    own.asking = false;
    pull(shard);
  }

  private void answered(int shard, Behind own, RelayReply.ReadReply reply) {
    if (closed) {
      return;
    }
    var from = own.next;
    var next =
        switch (reply) {
          case RelayReply.NotLeader _ -> from;
          case RelayReply.Purged(var first) -> {
            follower.missed();
            yield first;
          }
          case RelayReply.Records page -> page.next();
        };
    if (next.compareTo(from) <= 0) {
      // No leader, or one that has not applied yet what another one has committed.
      later(shard, own);
      return;
    }
    own.next = next;
    if (reply instanceof RelayReply.Records page) {
      follower.take(shard, from, page);
    }
    goOn(shard, own);
  }
}
