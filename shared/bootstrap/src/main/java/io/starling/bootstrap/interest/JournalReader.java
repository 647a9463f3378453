package io.starling.bootstrap.interest;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Reads what the journal has for one subscriber, a small page at a time: for those who are behind
 * what comes live. Thread-safe.
 */
public final class JournalReader {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int PAGE_BYTES = 64 << 10;

  private final Bus bus;
  private final ShardLeaders leaders;

  /** A reader that asks whoever leads the shard. */
  public JournalReader(Bus bus, ShardLeaders leaders) {
    this.bus = bus;
    this.leaders = leaders;
  }

  /**
   * A page of what matches; {@code NotLeader} also if nobody is known to lead the shard.
   *
   * @param filters topic filters of the account
   * @param until the first position no longer wanted
   */
  public Future<RelayReply.ReadReply> read(
      int shard,
      AccountId account,
      List<String> filters,
      JournalPosition from,
      JournalPosition until) {
    return leaders
        .find(shard)
        .map(
            relay ->
                bus.ask(
                    new RelayRequest.ReadMatching(
                        relay, shard, account, filters, from, until, PAGE_BYTES),
                    LIMIT))
        .orElseGet(() -> Future.succeededFuture(new RelayReply.NotLeader(null)));
  }
}
