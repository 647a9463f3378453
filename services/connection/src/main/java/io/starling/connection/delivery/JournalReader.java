package io.starling.connection.delivery;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** Reads for a session what the journal has for it, a small page at a time. Thread-safe. */
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

  Future<RelayReply.ReadReply> read(
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
