package io.starling.standalone;

import io.starling.cluster.Cluster;
import io.starling.connection.ConnectionService;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which a process ends: clients are sent away over a time, then the gateways close,
 * the journal comes last of the services and hands its leadership over, then the pool, the embedded
 * database that nobody uses any more, and the cluster. What takes longer than its limit is left
 * behind; nothing acknowledged depends on it.
 */
final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
  private static final Duration DATABASE_GRACE = Duration.ofMillis(1_500);
  private static final Duration DRAIN_MARGIN = Duration.ofSeconds(1);

  private final StopLimits limits;
  private final Parts parts;

  /**
   * What ends.
   *
   * @param deployed the last one first
   * @param embedded is waited for if it is just starting, so that it does not outlive this process
   */
  record Parts(
      Vertx vertx,
      Optional<Cluster> cluster,
      Deque<String> deployed,
      List<ConnectionService> gateways,
      Future<Optional<EmbeddedDatabase>> embedded,
      @Nullable PrimaryPool pool) {}

  Shutdown(StopLimits limits, Parts parts) {
    this.limits = limits;
    this.parts = parts;
  }

  Future<Void> run() {
    // Not of an event loop, all of which end with Vert.x.
    Promise<Void> stopped = Promise.promise();
    var _ = drain().compose(_ -> services()).onComplete(_ -> leave().onComplete(stopped));
    return stopped.future();
  }

  private Future<Void> drain() {
    if (limits.drain().isZero()) {
      return Future.succeededFuture();
    }
    var gone = parts.gateways().stream().map(gateway -> gateway.drain(limits.drain())).toList();
    return bounded("Sending clients away", limits.drain().plus(DRAIN_MARGIN), Future.join(gone));
  }

  private Future<Void> services() {
    long since = System.nanoTime();
    return bounded("The services", limits.services(), undeployed())
        .map(_ -> limits.database().minusNanos(System.nanoTime() - since))
        .compose(left -> bounded("PostgreSQL", left, database()));
  }

  private Future<?> undeployed() {
    Future<?> stopped = Future.succeededFuture();
    for (String id : parts.deployed()) {
      stopped =
          stopped.compose(_ -> bounded("A service", limits.service(), parts.vertx().undeploy(id)));
    }
    var pool = parts.pool();
    return pool == null ? stopped : stopped.compose(_ -> pool.close());
  }

  private Future<?> database() {
    return parts
        .embedded()
        .otherwise(Optional.empty())
        .compose(
            server ->
                server.isEmpty()
                    ? Future.succeededFuture()
                    : parts
                        .vertx()
                        .executeBlocking(
                            () -> {
                              server.get().stop(DATABASE_GRACE);
                              return null;
                            }));
  }

  private Future<Void> leave() {
    return parts
        .cluster()
        .map(joined -> bounded("The cluster", limits.cluster(), joined.leave()))
        .orElseGet(() -> bounded("Vert.x", limits.cluster(), parts.vertx().close()));
  }

  private static Future<Void> bounded(String what, Duration limit, Future<?> step) {
    return step.timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS)
        .<Void>mapEmpty()
        .recover(
            cause -> {
              LOG.warn("{} did not stop cleanly: {}", what, cause.getMessage());
              return Future.succeededFuture();
            });
  }
}
