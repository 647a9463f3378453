package io.starling.connection.publish;

import io.starling.bootstrap.Node;
import io.starling.connection.guard.TokenBucket;
import io.starling.contract.AccountId;
import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What all gateways of a node may take together: events of an account by the second, and bytes that
 * wait for the journal. Bounded by the accounts that published within the last seconds.
 * Thread-safe.
 */
public final class Quotas implements Shareable {
  private static final String NAME = "io.starling.connection.quotas";

  private final PublishLimits limits;
  private final ConcurrentHashMap<AccountId, TokenBucket> accounts = new ConcurrentHashMap<>();
  private final AtomicLong waitingBytes = new AtomicLong();

  Quotas(PublishLimits limits) {
    this.limits = limits;
  }

  /** The quotas of a node; the limits of its first gateway count. */
  public static Quotas of(Node node, PublishLimits limits) {
    return node.vertx()
        .sharedData()
        .<String, Quotas>getLocalMap(NAME)
        .computeIfAbsent(node.name(), _ -> new Quotas(limits));
  }

  /** Takes one event of an account if its rate allows that. */
  boolean take(AccountId account, long nowNanos) {
    return bucket(account, nowNanos).take(nowNanos);
  }

  /**
   * Takes one event of an account, now or later.
   *
   * @return nanoseconds until it is its turn; negative if that would be too late
   */
  long reserve(AccountId account, long nowNanos, long maxWaitNanos) {
    return bucket(account, nowNanos).reserve(nowNanos, maxWaitNanos);
  }

  private TokenBucket bucket(AccountId account, long nowNanos) {
    var known = accounts.get(account);
    return known != null
        ? known
        : accounts.computeIfAbsent(
            account,
            _ -> new TokenBucket(limits.accountPerSecond(), limits.accountBurst(), nowNanos));
  }

  /** Forgets accounts whose bucket is as good as a new one. */
  public void forgetIdle(long nowNanos) {
    accounts.values().removeIf(bucket -> bucket.isFull(nowNanos));
  }

  int accounts() {
    return accounts.size();
  }

  /** Tells whether as much waits for the journal as may. */
  boolean isFull() {
    return waitingBytes.get() >= limits.waitingBytes();
  }

  /** Tells whether half as much waits for the journal as may. */
  boolean isHalfFull() {
    return waitingBytes.get() > limits.waitingBytes() / 2;
  }

  /** More waits, or (negative) less. */
  void waiting(long bytes) {
    waitingBytes.addAndGet(bytes);
  }

  /** The bytes that wait for the journal. */
  public long waitingBytes() {
    return waitingBytes.get();
  }
}
