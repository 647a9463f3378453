package io.starling.relay.drain;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.health.Health;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.relay.shard.Shard;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drains of all shards of this node, once the schema is there. Belongs to the relay's event
 * loop.
 */
public final class Drains {
  private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
  private static final long RETRY_MILLIS = 500;

  /** A lag above this is worth a look. */
  private static final long LATE_MILLIS = 10_000;

  private final Vertx vertx;
  private final PrimaryPool database;
  private final List<DrainLoop> loops = new ArrayList<>();
  private final List<Integer> wanted = new ArrayList<>();
  private boolean migrated;
  private boolean stopped;

  /** Drains that wait for the schema, which may take until a database is there. */
  public Drains(Vertx vertx, Node node, PrimaryPool database, String diskId, List<Shard> shards) {
    this.vertx = vertx;
    this.database = database;
    var store = new EventStore(database);
    var rows =
        Counter.builder("starling.drain.events")
            .description("Events brought into the database")
            .register(node.meters());
    for (Shard shard : shards) {
      loops.add(new DrainLoop(vertx, shard, diskId, store, InstantSource.system(), rows));
    }
    Gauge.builder("starling.drain.lag", this, drains -> drains.lagMillis() / 1000.0)
        .description("Age of the oldest event that is not yet a row")
        .baseUnit("seconds")
        .register(node.meters());
    migrate();
  }

  private void migrate() {
    if (stopped) {
      return;
    }
    new Migrations(vertx, database)
        .migrate("relay", "classpath:db/relay")
        .onSuccess(
            done -> {
              migrated = true;
              wanted.forEach(shard -> loops.get(shard).start());
            })
        .onFailure(cause -> vertx.setTimer(RETRY_MILLIS, fired -> migrate()));
  }

  /** Pins the journal for a shard, and starts its drain as soon as the schema is there. */
  public void start(int shard) {
    var _ =
        loops
            .get(shard)
            .pin()
            .onFailure(
                cause -> LOG.warn("Shard {} is not pinned yet: {}", shard, cause.getMessage()));
    if (migrated) {
      loops.get(shard).start();
    } else {
      wanted.add(shard);
    }
  }

  /** Stops all drains after the batch at hand. */
  public void stop() {
    stopped = true;
    loops.forEach(DrainLoop::stop);
  }

  private long lagMillis() {
    return loops.stream().mapToLong(DrainLoop::lagMillis).max().orElse(0);
  }

  /** How the way into the database is. */
  public Health.Part health() {
    var figures = Map.<String, Number>of("lag_seconds", lagMillis() / 1000);
    if (!migrated || !loops.stream().allMatch(DrainLoop::isReachable)) {
      return Health.Part.degraded("the database cannot be reached: events wait in the journal")
          .with(figures);
    }
    return lagMillis() > LATE_MILLIS
        ? Health.Part.degraded("catching up").with(figures)
        : Health.Part.up("in step").with(figures);
  }
}
