package io.starling.contract;

/**
 * What a node wants to see of an account's events.
 *
 * @param account whose topic space
 * @param kind how {@code text} is read
 * @param text a topic filter, or a case-sensitive start of the event name (empty for all)
 */
public record Interest(AccountId account, Kind kind, String text) {
  /** How a text selects names. */
  public enum Kind {
    FILTER,
    PREFIX
  }
}
