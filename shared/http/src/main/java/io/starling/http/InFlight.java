package io.starling.http;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How many requests are under way, altogether and with tokens of one account: one account's silent
 * devices must not keep everybody else out. Belongs to one context.
 */
final class InFlight {
  private final int max;
  private final int maxPerAccount;
  private final Map<AccountId, Integer> byAccount = new HashMap<>();
  private int all;

  InFlight(int max, int maxPerAccount) {
    this.max = max;
    this.maxPerAccount = maxPerAccount;
  }

  int count() {
    return all;
  }

  /** Does some work as one more, or answers that there is too much of it. */
  Future<Answer> run(Supplier<Future<Answer>> work) {
    if (all >= max) {
      return Future.succeededFuture(Errors.unavailable("Too many requests are under way", 1));
    }
    all++;
    return work.get().onComplete(_ -> all--);
  }

  /** The same for an account's share. */
  Future<Answer> run(AccountId account, Supplier<Future<Answer>> work) {
    if (byAccount.getOrDefault(account, 0) >= maxPerAccount) {
      return Future.succeededFuture(
          Errors.tooMany("Too many requests of this account are under way", 1));
    }
    byAccount.merge(account, 1, Integer::sum);
    return work.get()
        .onComplete(
            _ -> byAccount.computeIfPresent(account, (_, count) -> count > 1 ? count - 1 : null));
  }
}
