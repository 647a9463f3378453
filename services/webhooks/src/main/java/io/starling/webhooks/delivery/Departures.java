package io.starling.webhooks.delivery;

import io.starling.webhooks.delivery.Departure.Fate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What of one backlog waits to be told to the database. Belongs to one event loop.
 *
 * <p>A backlog that is fed by the journal tells only of what it gives up and of what it parks. One
 * that is fed by the database tells of everything.
 */
public final class Departures {
  private final Backlog backlog;
  private final ArrayDeque<Departure> waiting = new ArrayDeque<>();
  private boolean ofDatabase;
  private int most;

  Departures(Backlog backlog) {
    this.backlog = backlog;
  }

  /** From now on what is given up is kept for the database, at most so many. */
  public void keepDead(int most) {
    this.most = most;
  }

  /** Its deliveries come from the database. */
  public void ofDatabase() {
    ofDatabase = true;
  }

  boolean isOfDatabase() {
    return ofDatabase;
  }

  /**
   * A delivery has come to its end, or to the end of its time in memory.
   *
   * @return false if nobody will know of it any more: there is no room to wait for the database
   */
  boolean add(Departure departure) {
    boolean told = ofDatabase || departure.fate() != Fate.DONE;
    boolean room = ofDatabase || waiting.size() < most;
    if (told && room && !backlog.closed) {
      waiting.add(departure);
      return true;
    }
    backlog.finish(departure.delivery());
    return !told || backlog.closed;
  }

  /** Deliveries that came from the database wait there for another attempt. */
  void park(Batch batch, long dueMillis) {
    for (var one : batch.deliveries()) {
      var _ = add(new Departure(one, null, Fate.PARKED, dueMillis, batch.made, batch.error));
    }
  }

  /** Takes some to tell them: each has to come back by {@link #told} or by {@link #stay}. */
  public List<Departure> take(int most) {
    var taken = new ArrayList<Departure>();
    while (taken.size() < most && !waiting.isEmpty()) {
      taken.add(waiting.remove());
    }
    return taken;
  }

  /**
   * Takes some that have been in memory for too long and wait for another attempt: each has to come
   * back by {@link #told} or by {@link #stay}.
   *
   * @param heldMillis what is too long
   */
  public List<Departure> takeStale(long nowMillis, long heldMillis, int most) {
    return backlog.takeStale(nowMillis, heldMillis, most);
  }

  /** The database knows of them. */
  public void told(List<Departure> departures) {
    Set<Batch> waited = new LinkedHashSet<>();
    for (var departure : departures) {
      backlog.finish(departure.delivery());
      if (departure.waited() != null) {
        waited.add(departure.waited());
      }
    }
    waited.forEach(backlog::release);
  }

  /** The database cannot be told for now. */
  public void stay(List<Departure> departures) {
    Set<Batch> back = new LinkedHashSet<>();
    for (var departure : departures) {
      if (backlog.closed) {
        backlog.finish(departure.delivery());
      } else if (departure.waited() != null) {
        back.add(departure.waited());
      } else {
        waiting.add(departure);
      }
    }
    back.forEach(batch -> backlog.retry(batch, batch.dueMillis));
  }

  /** How many wait. */
  public int size() {
    return waiting.size();
  }

  void clear() {
    waiting.forEach(departure -> backlog.finish(departure.delivery()));
    waiting.clear();
  }
}
