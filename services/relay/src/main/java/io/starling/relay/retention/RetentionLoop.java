package io.starling.relay.retention;

import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the partitions of the days to come, and drops what is over. Belongs to one context. */
public final class RetentionLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionLoop.class);

  /** A row for each device and hour: they would outgrow the events. */
  private static final int USAGE_DAYS_OF_DEVICES = 62;

  private static final int USAGE_DAYS_OF_PRODUCTS = 800;

  private final PartitionStore store;
  private final RetentionRules rules;
  private final InstantSource clock;
  private boolean stopped;

  /** A loop that stands still. */
  public RetentionLoop(PrimaryPool database, RetentionRules rules, InstantSource clock) {
    this.store = new PartitionStore(database);
    this.rules = rules;
    this.clock = clock;
  }

  /** Turns now, and every minute until it is stopped. The schema has to be there. */
  public void run(Vertx vertx) {
    if (stopped) {
      return;
    }
    turn()
        .onFailure(RetentionLoop::failed)
        .onComplete(_ -> vertx.setTimer(RetentionRules.pause().toMillis(), _ -> run(vertx)));
  }

  /** No further turn begins. */
  public void stop() {
    stopped = true;
  }

  /** One look, and all that there is to do, one after the other; each is done or is not. */
  public Future<Void> turn() {
    var today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return store
        .find()
        .compose(present -> work(present, today))
        .compose(_ -> store.forgetDevices(start(today, USAGE_DAYS_OF_DEVICES)))
        .compose(_ -> store.forgetProducts(start(today, USAGE_DAYS_OF_PRODUCTS)))
        .mapEmpty();
  }

  private static OffsetDateTime start(LocalDate today, int days) {
    return today.minusDays(days).atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  private Future<Void> work(java.util.Set<Partition> present, LocalDate today) {
    var steps = new ArrayList<Step>();
    rules.missing(present, today).forEach(each -> steps.add(new Step(each, store::make)));
    rules.over(present, today).forEach(each -> steps.add(new Step(each, this::drop)));
    return next(steps, 0);
  }

  private record Step(Partition partition, Function<Partition, Future<Boolean>> work) {}

  private Future<Boolean> drop(Partition partition) {
    return store
        .drop(partition)
        .onSuccess(
            done -> {
              if (done) {
                LOG.info("Dropped {}: its events were kept long enough", partition.table());
              }
            });
  }

  /** One that has to wait for a lock does not hold up the others. */
  private Future<Void> next(List<Step> steps, int at) {
    if (at == steps.size() || stopped) {
      return Future.succeededFuture();
    }
    var step = steps.get(at);
    return step.work()
        .apply(step.partition())
        .recover(
            cause -> {
              if (cause instanceof DatabaseUnavailable) {
                return Future.failedFuture(cause);
              }
              failed(cause);
              return Future.succeededFuture(true);
            })
        .compose(goOn -> goOn ? next(steps, at + 1) : Future.succeededFuture());
  }

  private static void failed(Throwable cause) {
    LOG.debug("Something about partitions waits for the next turn: {}", cause.getMessage());
  }
}
