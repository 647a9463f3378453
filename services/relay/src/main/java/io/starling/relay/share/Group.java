package io.starling.relay.share;

import io.starling.contract.AccountId;
import io.starling.contract.Interest.Share;
import io.starling.contract.JournalPosition;
import io.starling.contract.SharedFilter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One shared subscription: the gateways that have members of it, and what is to be given to one of
 * them. Belongs to one event loop.
 */
final class Group {
  private final AccountId account;
  private final SharedFilter filter;
  private final Giving giving;
  private final Map<String, Seat> seats = new LinkedHashMap<>();
  private final Map<Integer, Lane> lanes = new HashMap<>();

  /** Taken back, or read when nobody had room: goes before anything else. */
  private final ArrayDeque<Item> waiting = new ArrayDeque<>();

  private @Nullable Long endsNanos;

  Group(AccountId account, SharedFilter filter, Giving giving) {
    this.account = account;
    this.filter = filter;
    this.giving = giving;
  }

  AccountId account() {
    return account;
  }

  SharedFilter filter() {
    return filter;
  }

  /** The holder takes this part from now on. */
  void sit(Holder holder, Share share) {
    endsNanos = null;
    var seat = seats.computeIfAbsent(holder.name(), _ -> new Seat(holder, share));
    seat.share(share);
    holder.seats().put(this, seat);
  }

  /** The holder takes no part any more; what it was given goes to others. */
  void leave(Holder holder) {
    var seat = seats.remove(holder.name());
    holder.seats().remove(this);
    if (seat != null) {
      goBack(giving.takeBack(seat));
    }
  }

  /** Without holders from now on, and over at this time if none comes. */
  void endAt(long nanos) {
    endsNanos = nanos;
  }

  boolean isOver(long nowNanos) {
    return endsNanos != null && nowNanos - endsNanos >= 0;
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  /** Tells whether there are gateways, none of which has a member any more. */
  boolean isDeserted() {
    return !seats.isEmpty() && seats.values().stream().allMatch(seat -> seat.members() == 0);
  }

  /** Older than all that waits, in this order. */
  void goBack(List<Item> items) {
    items.reversed().forEach(waiting::addFirst);
  }

  /** Its lane in a shard, made when it is first needed. */
  Lane lane(int shard, IntFunction<Lane> make) {
    return lanes.computeIfAbsent(shard, make::apply);
  }

  /** Tells whether it has been behind in a shard since before this time. */
  boolean isBehindSince(int shard, long nanos) {
    var lane = lanes.get(shard);
    return lane != null && lane.isBehindSince(nanos);
  }

  /** Gives an event, if somebody has room and nothing waits. */
  boolean offer(Item item, long nowNanos) {
    var seat = waiting.isEmpty() ? next(item.bytes(), nowNanos) : null;
    if (seat == null) {
      return false;
    }
    giving.give(this, seat, item);
    return true;
  }

  /** Gives an event now or when there is room. */
  void take(Item item, long nowNanos) {
    if (!offer(item, nowNanos)) {
      waiting.addLast(item);
    }
  }

  /** Tells whether somebody has room for more. */
  boolean hasRoom(long nowNanos) {
    return waiting.isEmpty() && seats.values().stream().anyMatch(seat -> seat.hasRoom(1, nowNanos));
  }

  /** Gives what waits, as far as there is room, then what the journal has. */
  void pump(long nowNanos) {
    for (var first = waiting.peek(); first != null; first = waiting.peek()) {
      var seat = next(first.bytes(), nowNanos);
      if (seat == null) {
        return;
      }
      var _ = waiting.poll();
      giving.give(this, seat, first);
    }
    List.copyOf(lanes.values()).forEach(Lane::pull);
  }

  /**
   * The next in turn of those that have room: smooth weighted round robin, so that of any row of
   * events each holder has its part.
   */
  @Nullable Seat next(int bytes, long nowNanos) {
    @Nullable Seat best = null;
    int members = 0;
    for (var seat : seats.values()) {
      if (seat.hasRoom(bytes, nowNanos)) {
        seat.credit(seat.members());
        members += seat.members();
        best = best == null || seat.credit() > best.credit() ? seat : best;
      }
    }
    if (best != null) {
      best.credit(-members);
    }
    return best;
  }

  /** Hands over nothing of a shard any more: somebody else leads it. */
  void forget(int shard) {
    var lane = lanes.remove(shard);
    if (lane != null) {
      lane.close();
    }
    waiting.removeIf(item -> item.shard() == shard);
  }

  /** The first of a shard that waits, or is to be read; null if there is none. */
  @Nullable JournalPosition waitsFrom(int shard) {
    var lane = lanes.get(shard);
    @Nullable JournalPosition from = lane == null ? null : lane.behindAt();
    for (var item : waiting) {
      if (item.shard() == shard && (from == null || item.position().compareTo(from) < 0)) {
        from = item.position();
      }
    }
    return from;
  }

  /** It is over; answers how many events are given to nobody. */
  int close() {
    lanes.values().forEach(Lane::close);
    lanes.clear();
    int left = waiting.size();
    waiting.clear();
    return left;
  }
}
