package io.starling.relay.share;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.JournalPosition;
import io.starling.contract.LiveMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was given to which holder and is not done with. Belongs to one event loop; bounded by the
 * room of the holders.
 */
final class Giving {
  private static final Duration TAKEN_LIMIT = Duration.ofSeconds(10);
  private static final int MAX_MESSAGE_BYTES = 256 << 10;

  private final Bus bus;
  private final String relay;
  private final Consumer<Holder> lost;
  private final Map<Long, Open> open = new HashMap<>();
  private final Set<Holder> toSend = new LinkedHashSet<>();

  /** Above all that this relay gave in a former life. */
  private long lastId = System.currentTimeMillis() << 20;

  /**
   * An event that a holder has.
   *
   * @param sinceNanos when it was given
   */
  record Open(Group group, Seat seat, Item item, long sinceNanos) {}

  /**
   * Nothing is given yet.
   *
   * @param relay who is told what is done
   * @param lost told of a holder that does not take what it is sent
   */
  Giving(Bus bus, String relay, Consumer<Holder> lost) {
    this.bus = bus;
    this.relay = relay;
    this.lost = lost;
  }

  /** Gives an event to a holder; it goes out with the next {@link #flush} at the latest. */
  void give(Group group, Seat seat, Item item) {
    long id = ++lastId;
    var holder = seat.holder();
    open.put(id, new Open(group, seat, item, System.nanoTime()));
    seat.open().put(id, item);
    holder.opened(item.bytes());
    var given = new LiveMessage.Given(id, group.filter().text(), item.shard(), item.position());
    toSend.add(holder);
    if (holder.add(given, item.event()) >= MAX_MESSAGE_BYTES) {
      send(holder);
    }
  }

  /** Sends what was given. */
  void flush() {
    if (!toSend.isEmpty()) {
      var holders = List.copyOf(toSend);
      toSend.clear();
      holders.forEach(this::send);
    }
  }

  private void send(Holder holder) {
    if (!holder.isEmpty()) {
      bus.deliver(holder.message(relay), TAKEN_LIMIT).onFailure(_ -> lost.accept(holder));
    }
  }

  /** It is not open any more; null if it was not, at this holder. */
  @Nullable Open over(long id, String holder) {
    var known = open.get(id);
    if (known == null || !known.seat().holder().name().equals(holder)) {
      return null;
    }
    open.remove(id);
    known.seat().open().remove(id);
    known.seat().holder().opened(-known.item().bytes());
    return known;
  }

  /** Takes back all that a seat has, in the order in which it was given. */
  List<Item> takeBack(Seat seat) {
    var items = new ArrayList<>(seat.open().values());
    open.keySet().removeAll(seat.open().keySet());
    items.forEach(item -> seat.holder().opened(-item.bytes()));
    seat.open().clear();
    return items;
  }

  /** Somebody else leads a shard. */
  void forget(int shard) {
    var gone = new ArrayList<Long>();
    open.forEach(
        (id, one) -> {
          if (one.item().shard() == shard) {
            gone.add(id);
          }
        });
    for (long id : gone) {
      var one = open.get(id);
      if (one != null) {
        var _ = over(id, one.seat().holder().name());
      }
    }
  }

  /** Hands over where each event of a shard stands that was given since a time and is open. */
  void open(int shard, long sinceNanos, BiConsumer<Group, JournalPosition> found) {
    for (var one : open.values()) {
      if (one.item().shard() == shard && one.sinceNanos() - sinceNanos >= 0) {
        found.accept(one.group(), one.item().position());
      }
    }
  }

  /** How many events are open. */
  int size() {
    return open.size();
  }
}
