package io.starling.connection.publish;

/**
 * How much one node takes.
 *
 * @param accountPerSecond events of one account a second
 * @param accountBurst how many of them may come at once after a rest
 * @param waitingBytes of events that wait for the journal
 */
public record PublishLimits(int accountPerSecond, int accountBurst, long waitingBytes) {
  /** Checks the bounds. */
  public PublishLimits {
    if (accountPerSecond < 1 || accountBurst < 1 || waitingBytes < 1) {
      throw new IllegalArgumentException("limits that let nothing pass");
    }
  }
}
