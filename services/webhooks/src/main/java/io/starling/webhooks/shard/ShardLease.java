package io.starling.webhooks.shard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.AsyncMap;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which process follows a shard: an entry in the soft map {@code webhook-shards} that its holder
 * renews and that goes away by itself. Good enough to keep two processes from both delivering;
 * nothing depends on it being exact. Belongs to one event loop.
 */
final class ShardLease {
  private static final long HELD_MILLIS = 10_000;
  private static final long SURE_MILLIS = 7_000;
  private static final long RENEW_MILLIS = 3_000;
  private static final long LIMIT_MILLIS = 1_000;

  private final Vertx vertx;
  private final InstantSource clock;
  private final String shard;
  private final String holder;
  private @Nullable AsyncMap<String, String> map;
  private long renewedAtMillis = Long.MIN_VALUE / 2;

  /** The lease of one shard for one holder, whose name nobody else has. */
  ShardLease(Vertx vertx, InstantSource clock, int shard, String holder) {
    this.vertx = vertx;
    this.clock = clock;
    this.shard = Integer.toString(shard);
    this.holder = holder;
  }

  /** Tells whether nobody else can hold it now. */
  boolean isHeld() {
    return clock.millis() - renewedAtMillis < SURE_MILLIS;
  }

  /** Takes or renews it if that is due; completes with whether it is held. */
  Future<Boolean> hold() {
    long now = clock.millis();
    if (now - renewedAtMillis < RENEW_MILLIS) {
      return Future.succeededFuture(true);
    }
    return opened()
        .compose(
            leases ->
                bounded(leases.putIfAbsent(shard, holder, HELD_MILLIS))
                    .compose(before -> renew(leases, before)))
        .map(
            held -> {
              renewedAtMillis = held ? now : Long.MIN_VALUE / 2;
              return held;
            })
        .otherwise(_ -> isHeld());
  }

  private Future<Boolean> renew(AsyncMap<String, String> leases, @Nullable String before) {
    if (before == null) {
      return Future.succeededFuture(true);
    }
    return before.equals(holder)
        ? bounded(leases.put(shard, holder, HELD_MILLIS)).map(true)
        : Future.succeededFuture(false);
  }

  /** Lets another take it at once. */
  Future<Void> release() {
    renewedAtMillis = Long.MIN_VALUE / 2;
    return map == null
        ? Future.succeededFuture()
        : bounded(map.removeIfPresent(shard, holder)).mapEmpty();
  }

  private Future<AsyncMap<String, String>> opened() {
    return map != null
        ? Future.succeededFuture(map)
        : bounded(vertx.sharedData().<String, String>getAsyncMap("webhook-shards"))
            .onSuccess(opened -> map = opened);
  }

  private static <T> Future<T> bounded(Future<T> call) {
    return call.timeout(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
  }
}
