package io.starling.webhooks.delivery;

import io.starling.webhooks.match.Terms;
import io.starling.webhooks.match.Terms.Batching;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of a backlog that were never tried, and which of them may be tried next. Where
 * order is wanted, they are looked at in the order of the journal: each then waits for those of its
 * device before it; what there is no room for is let go of, to be read again ({@link Behind}), so
 * that no device holds up another. Belongs to its backlog.
 */
final class Untried {
  /** The data of the events of one batch, of which its body is made. */
  private static final int MOST_BATCH_BYTES = 1 << 20;

  /** How many of one device may wait for one that takes its time. */
  static final int MOST_WAITING = 64;

  /** How many of one device are read again at once: each reading is long. */
  static final int MOST_AGAIN = 512;

  private final Budget budget;
  private final Consumer<Delivery> letGo;

  /** Those that were not looked at, in the order of the journal. */
  private final ArrayDeque<Delivery> fresh = new ArrayDeque<>();

  private final Keys keys = new Keys();
  private final Behind behind = new Behind();
  private long freshBytes;

  /**
   * None yet.
   *
   * @param letGo is told of those that are not held any more
   */
  Untried(Budget budget, Consumer<Delivery> letGo) {
    this.budget = budget;
    this.letGo = letGo;
  }

  /** Behind all others. */
  void add(Delivery delivery) {
    fresh.add(delivery);
    freshBytes += delivery.cost();
  }

  /** One that was let go of and read again; false if there is no room for it. */
  boolean addAgain(Delivery delivery) {
    if (keys.waiting(delivery.key()) >= MOST_AGAIN) {
      behind.miss(delivery.key());
      return false;
    }
    behind.took(delivery.key(), delivery.mark);
    keys.add(delivery);
    return true;
  }

  /** Tells whether any is held. */
  boolean hasAny() {
    return !fresh.isEmpty() || keys.bytes() > 0;
  }

  /** How many are held. */
  int size() {
    return fresh.size() + keys.waiting();
  }

  /** Tells whether any may be tried next. */
  boolean mayHaveNext() {
    return !fresh.isEmpty() || keys.ready() > 0;
  }

  /** Those that were let go of. */
  Behind behind() {
    return behind;
  }

  /** Where those that were let go of are to be read again; empty if there is none for now. */
  Optional<Mark> nextAgain() {
    return behind.next(keys::isFree);
  }

  /** Where nothing was looked at yet: here, if all that was read was. */
  Mark lookedAt(Mark readAt) {
    return fresh.isEmpty() ? readAt : fresh.element().mark;
  }

  /** Its deliveries have ended: those of the same devices are next. */
  void release(Batch batch) {
    keys.release(batch.keys());
  }

  /** What is to be tried next, if it is time; several at once only if they are to go out as one. */
  Optional<Batch> take(long nowMillis, Terms terms, boolean probing) {
    int most = terms.batch() == null ? 1 : terms.batch().events();
    if (terms.ordered()) {
      look(most);
    }
    if (terms.batch() != null && !probing && !isRipe(nowMillis, terms.batch())) {
      return Optional.empty();
    }
    var members = new ArrayList<Delivery>();
    var busy = keys.take(members, most, MOST_BATCH_BYTES);
    if (!terms.ordered()) {
      takeFresh(members, most);
    }
    members.sort(Comparator.comparing((Delivery delivery) -> delivery.mark));
    return members.isEmpty() ? Optional.empty() : Optional.of(new Batch(members, busy));
  }

  /** Looks at as many as are needed for so many to be ready. */
  void look(int most) {
    while (!fresh.isEmpty() && keys.ready() < most && keys.readyBytes() < MOST_BATCH_BYTES) {
      var next = fresh.element();
      var key = next.key();
      boolean waits = keys.isBusy(key);
      if (behind.holds(key)) {
        letGo.accept(removeFresh());
      } else if (!waits || (keys.waiting(key) < MOST_WAITING && hasRoomFor(next))) {
        keys.add(removeFresh());
      } else if (behind.hasRoom()) {
        behind.add(key, next.mark);
        letGo.accept(removeFresh());
      } else {
        return;
      }
    }
  }

  private boolean hasRoomFor(Delivery delivery) {
    return keys.bytes() + delivery.cost() <= budget.shareOfBytes() / 4;
  }

  private void takeFresh(List<Delivery> members, int most) {
    long sum = members.stream().mapToLong(Delivery::cost).sum();
    while (members.size() < most && !fresh.isEmpty()) {
      sum += fresh.element().cost();
      if (sum > MOST_BATCH_BYTES && !members.isEmpty()) {
        return;
      }
      var next = removeFresh();
      if (behind.holds(next.key())) {
        letGo.accept(next);
      } else {
        members.add(next);
      }
    }
  }

  /** Waiting for more is of no use where there is no room for more. */
  private boolean isRipe(long nowMillis, Batching batching) {
    return keys.ready() + fresh.size() >= batching.events()
        || keys.readyBytes() + freshBytes >= Math.min(MOST_BATCH_BYTES, budget.shareOfBytes() / 2)
        || budget.isTight()
        || isTime(keys.first().orElse(null), nowMillis, batching)
        || isTime(fresh.peek(), nowMillis, batching);
  }

  private static boolean isTime(@Nullable Delivery first, long nowMillis, Batching batching) {
    return first != null && nowMillis - first.acceptedAtMillis >= batching.millis();
  }

  private Delivery removeFresh() {
    var first = fresh.remove();
    freshBytes -= first.cost();
    return first;
  }

  /** Lets go of all, as far as it can be read again; from where, if that is all from there on. */
  Optional<Mark> shed() {
    var first = Optional.ofNullable(fresh.peek()).map(delivery -> delivery.mark);
    forgetFresh();
    keys.shed(behind).forEach(letGo);
    return first;
  }

  /** Lets go of all, for good. */
  void clear() {
    forgetFresh();
    keys.clear().forEach(letGo);
    behind.clear();
  }

  private void forgetFresh() {
    fresh.forEach(letGo);
    fresh.clear();
    freshBytes = 0;
  }
}
