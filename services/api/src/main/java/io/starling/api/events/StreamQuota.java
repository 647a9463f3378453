package io.starling.api.events;

import io.starling.contract.AccountId;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many streams each account has open, over all instances of this process: connections spread
 * over the instances, so that none of them alone could count. Thread-safe.
 */
public final class StreamQuota implements Shareable {
  private static final String NAME = "io.starling.api.streams";

  private final ConcurrentHashMap<AccountId, Integer> open = new ConcurrentHashMap<>();

  private StreamQuota() {}

  /** The one of this Vert.x. */
  static StreamQuota of(Vertx vertx) {
    return of(vertx, "live");
  }

  /** The one of this Vert.x for streams of another kind. */
  public static StreamQuota of(Vertx vertx, String kind) {
    return vertx
        .sharedData()
        .<String, StreamQuota>getLocalMap(NAME)
        .computeIfAbsent(kind, absent -> new StreamQuota());
  }

  /** Takes one if fewer than {@code max} are taken. */
  public boolean take(AccountId account, int max) {
    boolean[] taken = new boolean[1];
    open.compute(
        account,
        (id, count) -> {
          int before = count == null ? 0 : count;
          taken[0] = before < max;
          return taken[0] ? Integer.valueOf(before + 1) : count;
        });
    return taken[0];
  }

  /** Gives one back. */
  public void give(AccountId account) {
    open.computeIfPresent(account, (id, count) -> count > 1 ? count - 1 : null);
  }
}
