package io.starling.webhooks.delivery;

/** An integration as a receiver, over all shards of this node. */
final class Endpoint {
  final Circuit circuit;

  /** Requests under way. */
  int inFlight;

  /** Backlogs that are owed to it. */
  int users;

  Endpoint(int most) {
    circuit = new Circuit(most);
  }

  /**
   * Tells whether one more request may go out.
   *
   * @param share how many it may have at once beside the others
   */
  boolean admits(long nowMillis, int share) {
    return inFlight < Math.min(circuit.allowedAt(nowMillis), share);
  }
}
