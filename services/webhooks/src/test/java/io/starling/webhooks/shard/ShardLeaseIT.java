package io.starling.webhooks.shard;

import static io.starling.webhooks.shard.FollowerParts.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ShardLeaseIT {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);

  /** What {@link System#nanoTime} tells may be below zero, and overflow. */
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);

  private final Queue<RelayRequest.Lease> asked = new ConcurrentLinkedQueue<>();
  private final AtomicReference<RelayReply.LeaseReply> answer =
      new AtomicReference<>(new RelayReply.Leased(true));
  private ShardLease lease;

  @BeforeEach
  void open() {
    var leaders = await(ShardLeaders.open(bus));
    leaders.heard(new RelayHint.Leading("a", List.of(new RelayHint.Lead("shard-0", 1))));
    var _ =
        await(
            bus.serve(
                "relay.a",
                RelayRequest.Lease.class,
                request -> {
                  asked.add(request);
                  return Future.succeededFuture(answer.get());
                }));
    lease = new ShardLease(bus, leaders, now::get, 0, "me");
  }

  @AfterEach
  void close() {
    var _ = await(vertx.close());
  }

  private void passes(long millis) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void holdsWhatTheLeaderSaysThatItHolds() {
    assertThat(lease.isHeld()).isFalse();
    assertThat(await(lease.hold())).isTrue();
    assertThat(lease.isHeld()).isTrue();
    answer.set(new RelayReply.Leased(false));
    assertThat(await(lease.hold())).isFalse();
    assertThat(lease.isHeld()).isFalse();
    assertThat(asked).extracting(RelayRequest.Lease::renews).containsExactly(false, true);
  }

  @Test
  void isNotSureOfItAnyMoreBeforeItGoesAway() {
    assertThat(await(lease.hold())).isTrue();
    answer.set(new RelayReply.NotLeader(null));
    passes(2_499);
    assertThat(await(lease.hold())).isTrue();
    passes(1);
    assertThat(await(lease.hold())).isFalse();
    assertThat(asked.peek().millis()).isGreaterThan(2_500);
  }

  @Test
  void countsFromWhenItAskedNotFromWhenItWasAnswered() {
    assertThat(await(lease.hold())).isTrue();
    passes(2_000);
    var renewed = lease.hold();
    passes(2_500);
    assertThat(await(renewed)).isTrue();
    assertThat(lease.isHeld()).isFalse();
  }

  @Test
  void endsWhatItHoldsOnly() {
    assertThat(await(lease.release().map(true))).isTrue();
    assertThat(asked).isEmpty();
    assertThat(await(lease.hold())).isTrue();
    assertThat(await(lease.release().map(true))).isTrue();
    assertThat(asked).extracting(RelayRequest.Lease::millis).last().isEqualTo(0L);
    assertThat(lease.isHeld()).isFalse();
  }
}
