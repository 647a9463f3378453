package io.starling.connection.guard;

import io.starling.connection.guard.WaitingLine.Place;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * TLS handshakes, of which only so many are under way at a time: each costs a processor
 * milliseconds. The others wait in line, bounded; for how long, is looked after elsewhere. Not
 * thread-safe.
 */
public final class Handshakes {
  /** From this age of the oldest on the newest go first: they have the most patience left. */
  private static final long SLOW_NANOS = 1_000_000_000;

  private final WaitingLine<Waiting> line;
  private final int most;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile int waiting;

  /** One that waits. */
  public interface Waiting {
    /** Its turn has come; a place is taken for it. */
    void begin();

    /** There is no room for it in the line. */
    void tooMany();
  }

  /**
   * None yet.
   *
   * @param most how many at a time
   * @param waiting how many may wait
   */
  public Handshakes(int most, int waiting) {
    this.most = most;
    this.line = new WaitingLine<>(waiting, SLOW_NANOS, Long.MAX_VALUE);
  }

  /** Takes a place if one is free; give it back by {@link #end}. */
  public boolean begin() {
    if (underWay.get() >= most) {
      return false;
    }
    var _ = underWay.incrementAndGet();
    return true;
  }

  /** Waits for a place; if too many do, one of them is told before this returns. */
  public Place<Waiting> await(Waiting who, long nowNanos) {
    var place = line.join(who, nowNanos);
    var out = line.tooMany(nowNanos);
    if (out != null) {
      out.who().tooMany();
    }
    waiting = line.size();
    return place;
  }

  /** Waits no more; no-op if its turn has come. */
  public void leave(Place<Waiting> place) {
    var _ = line.leave(place);
    waiting = line.size();
  }

  /** Gives a place back; whoever is next gets it. */
  public void end(long nowNanos) {
    var next = underWay.decrementAndGet() < most ? line.next(nowNanos) : null;
    waiting = line.size();
    if (next != null) {
      var _ = underWay.incrementAndGet();
      next.who().begin();
    }
  }

  /** How many are under way; may be asked from any thread. */
  public int underWay() {
    return underWay.get();
  }

  /** How many wait; may be asked from any thread. */
  public int waiting() {
    return waiting;
  }
}
