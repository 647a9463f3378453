package io.starling.connection.guard;

import java.util.LinkedHashSet;
import org.jspecify.annotations.Nullable;

/**
 * Who waits. First come, first served while it moves; once the oldest has waited for too long the
 * newest are served first: they have the patience left that the oldest have not. Bounded: the one
 * who would be served last has to go. Not thread-safe.
 */
public final class WaitingLine<T> {
  private final LinkedHashSet<Place<T>> places = new LinkedHashSet<>();
  private final int limit;
  private final long slowNanos;
  private final long patienceNanos;

  /** One who waits, compared by identity. */
  public static final class Place<T> {
    private final T who;
    private final long sinceNanos;

    private Place(T who, long sinceNanos) {
      this.who = who;
      this.sinceNanos = sinceNanos;
    }

    /** The one who waits. */
    public T who() {
      return who;
    }

    /** Since when. */
    public long sinceNanos() {
      return sinceNanos;
    }
  }

  /**
   * An empty line.
   *
   * @param limit how many may wait
   * @param slowNanos from which age of the oldest on the newest go first
   * @param patienceNanos how long each may wait
   */
  public WaitingLine(int limit, long slowNanos, long patienceNanos) {
    this.limit = limit;
    this.slowNanos = slowNanos;
    this.patienceNanos = patienceNanos;
  }

  /** Joins the line. */
  public Place<T> join(T who, long nowNanos) {
    var place = new Place<>(who, nowNanos);
    places.add(place);
    return place;
  }

  /** Leaves the line; false if it was not in it any more. */
  public boolean leave(Place<T> place) {
    return places.remove(place);
  }

  /** Takes out who is served next; null if nobody waits. */
  public @Nullable Place<T> next(long nowNanos) {
    if (places.isEmpty()) {
      return null;
    }
    return isSlow(nowNanos) ? places.removeLast() : places.removeFirst();
  }

  /** Takes out one who is too many; null if all fit. */
  public @Nullable Place<T> tooMany(long nowNanos) {
    if (places.size() <= limit) {
      return null;
    }
    return isSlow(nowNanos) ? places.removeFirst() : places.removeLast();
  }

  /** Takes out one who has waited for too long; null if nobody has. */
  public @Nullable Place<T> tired(long nowNanos) {
    return oldestWaits(nowNanos, patienceNanos) ? places.removeFirst() : null;
  }

  /** Takes out anyone; null if nobody waits. */
  public @Nullable Place<T> any() {
    return places.isEmpty() ? null : places.removeFirst();
  }

  private boolean isSlow(long nowNanos) {
    return oldestWaits(nowNanos, slowNanos);
  }

  private boolean oldestWaits(long nowNanos, long nanos) {
    return !places.isEmpty() && nowNanos - places.getFirst().sinceNanos >= nanos;
  }

  /** How many wait. */
  public int size() {
    return places.size();
  }
}
