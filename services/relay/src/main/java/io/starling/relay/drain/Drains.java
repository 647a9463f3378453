package io.starling.relay.drain;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.health.Health;
import io.starling.contract.EventClass;
import io.starling.directory.Directory;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.relay.retention.RetentionRules;
import io.starling.relay.shard.Shard;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The drains of all shards of this node, once the schema is there. Belongs to the relay's event
 * loop.
 */
public final class Drains {
  private static final Logger LOG = LoggerFactory.getLogger(Drains.class);
  private static final long RETRY_MILLIS = 500;
  private static final long LOOK_MILLIS = 100;

  /** Without the directory for so long, what is drained is kept as the service says. */
  private static final long DIRECTORY_MILLIS = 10_000;

  /** For what is not critical, over all shards: configuration needs connections of the pool too. */
  private static final int MAX_TRANSACTIONS = 3;

  /** A lag above this is worth a look. */
  private static final long LATE_MILLIS = 10_000;

  private final Vertx vertx;
  private final PrimaryPool database;
  private final Directory directory;
  private final Promise<Void> ready = Promise.promise();
  private final List<Shard> shards;
  private final List<Map<EventClass, DrainLoop>> loops = new ArrayList<>();
  private final List<Integer> wanted = new ArrayList<>();
  private boolean migrated;
  private boolean stopped;

  /** Drains that wait for the schema, which may take until a database is there. */
  public Drains(
      Vertx vertx,
      Node node,
      PrimaryPool database,
      Directory directory,
      String diskId,
      List<Shard> shards) {
    this.vertx = vertx;
    this.database = database;
    this.shards = List.copyOf(shards);
    this.directory = directory;
    var store = new EventStore(database, product -> RetentionRules.treeOf(directory, product));
    var rows =
        Counter.builder("starling.drain.events")
            .description("Events brought into the database")
            .register(node.meters());
    var parts =
        new DrainLoop.Parts(
            diskId,
            store,
            new ReportClient(node.bus()),
            new Slots(MAX_TRANSACTIONS),
            InstantSource.system(),
            rows);
    for (Shard shard : shards) {
      var byClass = new EnumMap<EventClass, DrainLoop>(EventClass.class);
      DrainLoop before = null;
      for (var eventClass : EventClass.values()) {
        before = new DrainLoop(vertx, shard, eventClass, parts, before);
        byClass.put(eventClass, before);
      }
      loops.add(byClass);
    }
    for (var eventClass : EventClass.values()) {
      Gauge.builder("starling.drain.lag", this, drains -> drains.lagMillis(eventClass) / 1000.0)
          .description("Age of the oldest event that is not yet a row")
          .baseUnit("seconds")
          .tag("class", eventClass.name().toLowerCase(Locale.ROOT))
          .register(node.meters());
    }
    migrate();
  }

  private void migrate() {
    if (stopped) {
      return;
    }
    new Migrations(vertx, database)
        .migrate("relay", "classpath:db/relay")
        .onSuccess(done -> begin(0))
        .onFailure(cause -> vertx.setTimer(RETRY_MILLIS, fired -> migrate()));
  }

  /**
   * How long events are kept is in the directory, which a node that has just started reads first.
   */
  private void begin(long waitedMillis) {
    if (stopped) {
      return;
    }
    if (directory.age().isEmpty() && waitedMillis < DIRECTORY_MILLIS) {
      vertx.setTimer(LOOK_MILLIS, fired -> begin(waitedMillis + LOOK_MILLIS));
      return;
    }
    migrated = true;
    ready.complete();
    wanted.forEach(shard -> loops.get(shard).values().forEach(DrainLoop::start));
  }

  /** Completes when the schema is there. */
  public Future<Void> ready() {
    return ready.future();
  }

  /** Pins the journal for a shard, and starts its drain as soon as the schema is there. */
  public void start(int shard) {
    var ofShard = loops.get(shard).values();
    var log = shards.get(shard).log();
    var _ =
        Future.all(ofShard.stream().map(DrainLoop::pin).toList())
            .compose(
                _ ->
                    log.cursors().containsKey(DrainLoop.FORMER_CURSOR)
                        ? log.removeCursor(DrainLoop.FORMER_CURSOR)
                        : Future.succeededFuture())
            .onFailure(
                cause -> LOG.warn("Shard {} is not pinned yet: {}", shard, cause.getMessage()));
    if (migrated) {
      ofShard.forEach(DrainLoop::start);
    } else {
      wanted.add(shard);
    }
  }

  /** Stops all drains after the batch at hand. */
  public void stop() {
    stopped = true;
    all().forEach(DrainLoop::stop);
  }

  private Stream<DrainLoop> all() {
    return loops.stream().flatMap(byClass -> byClass.values().stream());
  }

  private long lagMillis() {
    return all().mapToLong(DrainLoop::lagMillis).max().orElse(0);
  }

  private long lagMillis(EventClass eventClass) {
    return loops.stream()
        .flatMap(byClass -> Stream.ofNullable(byClass.get(eventClass)))
        .mapToLong(DrainLoop::lagMillis)
        .max()
        .orElse(0);
  }

  /** How the way into the database is. */
  public Health.Part health() {
    var figures = Map.<String, Number>of("lag_seconds", lagMillis() / 1000);
    if (!migrated || !all().allMatch(DrainLoop::isReachable)) {
      return Health.Part.degraded("the database cannot be reached: events wait in the journal")
          .with(figures);
    }
    return lagMillis() > LATE_MILLIS
        ? Health.Part.degraded("catching up").with(figures)
        : Health.Part.up("in step").with(figures);
  }
}
