package io.starling.webhooks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ShardLeaseIT {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong now = new AtomicLong(1_000_000);
  private final InstantSource clock = () -> Instant.ofEpochMilli(now.get());
  private final ShardLease one = new ShardLease(vertx, clock, 0, "one");
  private final ShardLease other = new ShardLease(vertx, clock, 0, "other");

  @AfterEach
  void close() {
    var _ = await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isHeldByOneOnly() {
    assertThat(await(one.hold())).isTrue();
    assertThat(await(other.hold())).isFalse();
    assertThat(one.isHeld()).isTrue();
    assertThat(other.isHeld()).isFalse();
  }

  @Test
  void anotherMayHoldItOnceItIsReleased() {
    assertThat(await(one.hold())).isTrue();
    var _ = await(one.release());
    assertThat(one.isHeld()).isFalse();
    assertThat(await(other.hold())).isTrue();
  }

  @Test
  void itsHolderIsNotSureOfItAnyMoreBeforeItGoesAway() {
    assertThat(await(one.hold())).isTrue();
    now.addAndGet(6_999);
    assertThat(one.isHeld()).isTrue();
    now.addAndGet(1);
    assertThat(one.isHeld()).isFalse();
    assertThat(await(one.hold())).isTrue();
    assertThat(one.isHeld()).isTrue();
  }

  @Test
  void releasingWhatAnotherHoldsChangesNothing() {
    assertThat(await(one.hold())).isTrue();
    assertThat(await(other.hold())).isFalse();
    var _ = await(other.release());
    now.addAndGet(4_000);
    assertThat(await(one.hold())).isTrue();
    assertThat(await(other.hold())).isFalse();
  }
}
