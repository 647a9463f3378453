package io.starling.webhooks.delivery;

import java.time.Duration;

/**
 * What is known of an endpoint's health. Closed: as many requests at once as it has earned, halved
 * by each failure and doubled per round of successes. Open, after some failures in a row: one probe
 * at a time, until one succeeds. Pure but for its own state.
 */
final class Circuit {
  private static final int FAILURES_TO_OPEN = 5;

  private final int most;
  private int allowed;
  private int failures;
  private int failedProbes;
  private long notBeforeMillis;
  private long openedAtMillis;

  /** A closed circuit that allows at most so many requests at once. */
  Circuit(int most) {
    this.most = most;
    this.allowed = most;
  }

  boolean isOpen() {
    return failures >= FAILURES_TO_OPEN;
  }

  /** For how long it has been open by now; -1 if it is not. */
  long openMillis(long nowMillis) {
    return isOpen() ? nowMillis - openedAtMillis : -1;
  }

  /** Probes that failed in a row since it opened. */
  int failedProbes() {
    return failedProbes;
  }

  /** How many requests may be under way at this time. */
  int allowedAt(long nowMillis) {
    if (nowMillis < notBeforeMillis) {
      return 0;
    }
    return isOpen() ? 1 : allowed;
  }

  /** The endpoint answered, so it lives. */
  void answered() {
    if (isOpen()) {
      allowed = 1;
      notBeforeMillis = 0;
    }
    failures = 0;
    failedProbes = 0;
    allowed = Math.min(most, allowed + 1);
  }

  /**
   * The endpoint did not do its part. Of those that were under way together when it opened, only
   * the one that opens it counts: one bad moment is no reason for a long pause. What fails again
   * and again does not open it: that may be no fault of the endpoint's, and waits by itself anyway.
   *
   * @param probe whether the request went out while it was open
   * @param fresh whether what it was for had not failed before
   * @param pause until the next probe
   */
  void failed(boolean probe, boolean fresh, long nowMillis, Duration pause) {
    boolean wasOpen = isOpen();
    failures += probe || fresh ? 1 : 0;
    allowed = Math.max(1, allowed / 2);
    openedAtMillis = isOpen() && !wasOpen ? nowMillis : openedAtMillis;
    if (probe || (isOpen() && !wasOpen)) {
      failedProbes++;
      pauseUntil(nowMillis + pause.toMillis());
    }
  }

  /** The endpoint asked not to be called before a time. */
  void pauseUntil(long millis) {
    notBeforeMillis = Math.max(notBeforeMillis, millis);
  }
}
