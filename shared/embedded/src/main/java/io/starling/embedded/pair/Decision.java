package io.starling.embedded.pair;

/** What a turn does, at most one thing; the next turn looks again. */
sealed interface Decision {
  /** Why, for people. */
  String why();

  /** All is as it should be, or must be waited for. */
  record Wait(String why) implements Decision {}

  /** End it and keep it from ever writing again. */
  record Fence(String name, String why) implements Decision {}

  /** Make it the primary, after fencing the other. */
  record Promote(String name, String why) implements Decision {}

  /** Start its process. */
  record Start(String name, String why) implements Decision {}

  /** Make it a standby with a fresh copy of the primary. */
  record Copy(String name, String primary, String why) implements Decision {}

  /** Remember who the primary is. */
  record Adopt(String primary, String why) implements Decision {}

  /** Let the primary write without its standby. */
  record StopWaiting(String primary, String why) implements Decision {}

  /** Let commits on the primary wait for its standby. */
  record StartWaiting(String primary, String why) implements Decision {}

  /** Make sure that the standby holds everything, and remember that it does. */
  record ConfirmSync(String primary, String why) implements Decision {}
}
