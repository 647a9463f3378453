package io.starling.contract;

/** What writers of configuration tell the accounts services, at {@code accounts.feed}. */
public sealed interface AccountsHint extends BusMessage, Addressed {
  /** Where it is published. */
  String ADDRESS = "accounts.feed";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** There may be new changes in the change log: read it now. */
  @Wire("accounts.feed.wake")
  record WakeFeed() implements AccountsHint {}
}
