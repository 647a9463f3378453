package io.starling.contract;

/** What the edges of a region tell each other, at {@code edges}. */
public sealed interface EdgeHint extends BusMessage, Addressed {
  /** Where it is published. */
  String ADDRESS = "edges";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Somebody tried a secret.
   *
   * @param sender tells edges apart: its own hints reach it too
   * @param place the address it came from, or its IPv6 /64
   * @param failed false if the secret was right after some that were not
   */
  @Wire("edge.attempted")
  record Attempted(String sender, String place, boolean failed) implements EdgeHint {}
}
