package io.starling.connection.group;

import io.starling.bootstrap.interest.SharedFeed;
import io.starling.contract.AccountId;
import io.starling.contract.EventBatch;
import io.starling.contract.Interest;
import io.starling.contract.LiveMessage;
import io.starling.contract.SharedFilter;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** All shared subscriptions that have members at this gateway. Belongs to one event loop. */
public final class Groups {
  /** So long an event waits here for a member that has room. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<Key, Group> groups = new HashMap<>();
  private @Nullable SharedFeed feed;
  private long tickets;

  private record Key(AccountId account, String text) {}

  /** From here on relays are told; before, nobody subscribes. */
  public void feedFrom(SharedFeed relays) {
    feed = relays;
  }

  /** The group of a shared subscription; one without members is forgotten when it has finished. */
  public Group group(AccountId account, SharedFilter filter) {
    return groups.computeIfAbsent(
        new Key(account, filter.text()), _ -> new Group(this, account, filter));
  }

  /** Gives events that a relay gave to this gateway to members. */
  public void take(LiveMessage.SharedEvents message) {
    var batch = EventBatch.of(message.events());
    for (var given : message.given()) {
      if (!batch.next()) {
        throw new IllegalArgumentException("more is said to be given than there is");
      }
      var group = groups.get(new Key(batch.account(), given.filter()));
      if (group != null) {
        group.take(
            new Ticket(group, message.relay(), given, tickets++, System.nanoTime(), batch.event()));
      } else if (feed != null) {
        feed.back(message.relay(), given.id());
      }
    }
  }

  /** Gives back what waits for too long; to be called about every second. */
  public void sweep() {
    sweep(System.nanoTime());
  }

  void sweep(long nowNanos) {
    List.copyOf(groups.values()).forEach(group -> group.sweep(nowNanos - PATIENCE_NANOS));
  }

  void done(Ticket ticket) {
    if (feed != null) {
      feed.done(ticket.relay(), ticket.id());
    }
  }

  void back(Ticket ticket) {
    if (feed != null) {
      feed.back(ticket.relay(), ticket.id());
    }
  }

  Future<Void> tell(@Nullable Interest before, @Nullable Interest now) {
    return feed == null ? Future.succeededFuture() : feed.change(before, now);
  }

  void over(AccountId account, SharedFilter filter) {
    groups.remove(new Key(account, filter.text()));
  }
}
