package io.starling.webhooks.delivery;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/** The memory and the requests that all backlogs of a node share. Belongs to one event loop. */
final class Budget {
  /** Part of the memory that any backlog may take, whatever the others hold. */
  private static final int SHARES = 64;

  /** The most that one backlog takes, in bytes. */
  private static final long MOST_EACH = 2 << 20;

  private final long maxBytes;
  private final int maxInFlight;
  private long bytes;
  private int inFlight;
  private int probes;
  private Promise<Void> room = Promise.promise();

  Budget(long maxBytes, int maxInFlight) {
    this.maxBytes = maxBytes;
    this.maxInFlight = maxInFlight;
  }

  void take(int cost) {
    bytes += cost;
  }

  void giveBack(int cost) {
    bytes -= cost;
    if (!isTight()) {
      var waiting = room;
      room = Promise.promise();
      waiting.complete();
    }
  }

  /** Completes when memory is given back and there is some left. */
  Future<Void> room() {
    return room.future();
  }

  boolean hasRoomFor(int cost) {
    return bytes + cost <= maxBytes;
  }

  /** Tells whether those who hold much should let go of what they can read again. */
  boolean isTight() {
    return bytes > maxBytes - maxBytes / 5;
  }

  /** How many bytes one backlog may hold now: less, the less is left. */
  long shareOfBytes() {
    return Math.max(maxBytes / SHARES, Math.min(MOST_EACH, (maxBytes - bytes) / 8));
  }

  /** How many requests one endpoint may have under way now: never all that are left. */
  int shareOfRequests() {
    return Math.max(1, (maxInFlight - inFlight) / 2);
  }

  /** Endpoints that only get probes together hold at most half of all requests. */
  boolean admits(boolean probe) {
    return inFlight < maxInFlight && (!probe || probes < maxInFlight / 2);
  }

  void started(boolean probe) {
    inFlight++;
    probes += probe ? 1 : 0;
  }

  void ended(boolean probe) {
    inFlight--;
    probes -= probe ? 1 : 0;
  }

  int inFlight() {
    return inFlight;
  }

  long bytes() {
    return bytes;
  }
}
