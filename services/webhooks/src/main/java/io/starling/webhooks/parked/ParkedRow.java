package io.starling.webhooks.parked;

import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.webhooks.delivery.Delivery;
import io.starling.webhooks.delivery.Departure;
import io.starling.webhooks.delivery.Mark;

/**
 * One row: an event owed to an integration.
 *
 * @param dueMillis when it is to be tried
 * @param expiresMillis when it is to be given up
 * @param attempts made so far
 * @param error of the last attempt, in words; empty if there was none
 */
record ParkedRow(
    Event event,
    Mark mark,
    State state,
    long dueMillis,
    long expiresMillis,
    int attempts,
    String error) {

  /** What one may be. */
  enum State {
    PARKED,
    DEAD;

    String text() {
      return this == PARKED ? "parked" : "dead";
    }
  }

  /** What has left memory. */
  static ParkedRow of(Departure departure, long maxAgeMillis) {
    return new ParkedRow(
        departure.event(),
        departure.mark(),
        departure.fate() == Departure.Fate.DEAD ? State.DEAD : State.PARKED,
        departure.dueMillis(),
        departure.bornMillis() + maxAgeMillis,
        departure.attempts(),
        departure.error());
  }

  /** What was never in memory. */
  static ParkedRow untried(Event event, Mark mark, long nowMillis, long maxAgeMillis) {
    long expires = event.publishedAtMillis() + maxAgeMillis;
    return new ParkedRow(event, mark, State.PARKED, nowMillis, expires, 0, "");
  }

  /**
   * What is tried.
   *
   * @param account whose integration it is by now
   */
  Delivery delivery(AccountId account, long nowMillis, long maxAgeMillis) {
    var owed =
        new Event(
            event.id(),
            event.origin(),
            account,
            event.product(),
            event.name(),
            event.data(),
            event.eventClass(),
            event.publishedAtMillis());
    return new Delivery(owed, mark, nowMillis, expiresMillis - maxAgeMillis, attempts);
  }
}
