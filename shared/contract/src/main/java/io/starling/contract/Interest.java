package io.starling.contract;

import org.jspecify.annotations.Nullable;

/**
 * What a node wants to see of an account's events.
 *
 * @param account whose topic space
 * @param kind how {@code text} is read
 * @param text a topic filter, or a case-sensitive start of the event name (empty for all); of a
 *     shared subscription all of it, as in {@link SharedFilter}
 * @param share of a shared subscription, how much of it the node takes; else null
 */
public record Interest(AccountId account, Kind kind, String text, @Nullable Share share) {
  /** How a text selects names. */
  public enum Kind {
    FILTER,
    PREFIX
  }

  /**
   * What of a shared subscription a node takes. Its part of the events is that of its members, as
   * long as it has room.
   *
   * @param members how many there are at this node, 0 if they are gone and only finish
   * @param room how many events they take together before some are done with
   */
  public record Share(int members, int room) {}

  /** All events that match. */
  public Interest(AccountId account, Kind kind, String text) {
    this(account, kind, text, null);
  }

  /** A part of the events that match the filter of a shared subscription. */
  public static Interest shared(AccountId account, SharedFilter filter, Share share) {
    return new Interest(account, Kind.FILTER, filter.text(), share);
  }
}
