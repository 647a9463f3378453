package io.starling.webhooks.delivery;

import io.starling.contract.Event;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that memory has done with once the database knows what became of it. Until then its
 * backlog still counts it, so that no cursor passes it.
 *
 * @param waited what it waited in for another attempt in memory; null if it did not
 * @param fate what became of it
 * @param dueMillis when it is to be tried again, if it is
 * @param attempts made so far
 * @param error of the last attempt, in words; empty if there was none
 */
public record Departure(
    Delivery delivery,
    @Nullable Batch waited,
    Fate fate,
    long dueMillis,
    int attempts,
    String error) {

  /** What may become of one. */
  public enum Fate {
    /** It was taken, or nobody is owed it any more. */
    DONE,
    /** It is to be sent later. */
    PARKED,
    /** It is given up, and kept for those who want it sent again. */
    DEAD
  }

  /** The event that is owed. */
  public Event event() {
    return delivery.event;
  }

  /** Where it stands in the journal. */
  public Mark mark() {
    return delivery.mark;
  }

  /** From when on its age counts. */
  public long bornMillis() {
    return delivery.bornMillis;
  }
}
