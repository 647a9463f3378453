package io.starling.webhooks;

import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.contract.AttemptsRequest;
import io.starling.contract.BusMessage;
import io.starling.contract.DeliveriesRequest;
import io.starling.contract.WebhooksRequest;
import io.starling.directory.Directory;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.starling.webhooks.attempt.AttemptStore;
import io.starling.webhooks.attempt.AttemptWriter;
import io.starling.webhooks.attempt.Attempts;
import io.starling.webhooks.attempt.LogKeeper;
import io.starling.webhooks.connect.SystemResolver;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Trials;
import io.starling.webhooks.integration.ExpiredKeys;
import io.starling.webhooks.integration.GoneEndpoints;
import io.starling.webhooks.integration.Integrations;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.parked.Parking;
import io.starling.webhooks.parked.Sweep;
import io.starling.webhooks.redelivery.Redeliveries;
import io.starling.webhooks.response.Responses;
import io.starling.webhooks.send.DeliveryClient;
import io.starling.webhooks.shard.ShardFollower;
import io.starling.webhooks.sink.Sinks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Matches events to integrations and delivers them, and answers configuration writes. Starts
 * without a database. A stop ends reading at once, waits a moment for what is under way, and moves
 * the cursors one last time; one that is cut short only repeats.
 */
public final class WebhooksService extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(WebhooksService.class);
  private static final long MIGRATE_EVERY_MILLIS = 1_000;
  private static final long START_DUE_EVERY_MILLIS = 50;
  private static final long SWEEP_EVERY_MILLIS = 60_000;
  private static final long FORGET_EVERY_MILLIS = 600_000;
  private static final long COUNT_EVERY_MILLIS = 15_000;
  private static final long TELL_EVERY_MILLIS = 10_000;
  private static final long LAST_REQUESTS_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 20;

  private static final long LOG_EVERY_MILLIS = 200;
  private static final long KEEP_LOG_EVERY_MILLIS = 60_000;
  private static final long LOG_BYTES = 16 << 20;

  /** How long it is tried to tell of a delivery. */
  private static final Duration RESPONSE_BUDGET = Duration.ofSeconds(5);

  private final Node node;
  private final Directory directory;
  private final PrimaryPool database;
  private final WebhooksConfig config;
  private final List<ShardFollower> followers = new ArrayList<>();
  private @Nullable Dispatcher dispatcher;
  private @Nullable UsageCounter usage;
  private @Nullable AttemptWriter log;
  private boolean stopped;
  private volatile boolean migrated;

  /**
   * The service of one node.
   *
   * @param database may be down, also at start
   */
  public WebhooksService(
      Node node, Directory directory, PrimaryPool database, WebhooksConfig config) {
    this.node = node;
    this.directory = directory;
    this.database = database;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    var clock = InstantSource.system();
    var matcher = new Matcher(directory);
    var counter = UsageCounter.telling(vertx, node, clock);
    usage = counter;
    var sending = config.limits().sending();
    var client =
        new Sinks(
            vertx,
            sending,
            config.brokers(),
            new DeliveryClient(
                vertx, sending, new SystemResolver(vertx), directory.signingKeys()::of, clock));
    var appender =
        new EventAppender(vertx, node.bus(), node.leaders(), node.shards(), RESPONSE_BUDGET);
    var responses = new Responses(appender, directory, node.shards(), clock, node.meters());
    var attempts = log(clock);
    var writer = new ConfigurationWriter(database, node.bus());
    var gone = new GoneEndpoints(attempts, writer);
    var dispatching =
        new Dispatcher(
            matcher, client, responses, config.limits(), clock, node.meters(), counter, gone);
    dispatcher = dispatching;
    var parking =
        new Parking(
            database,
            () -> migrated && database.health().isUp(),
            dispatching,
            matcher,
            config.parking(),
            clock);
    var sweep = new Sweep(parking, node.meters());
    String holder = node.name() + "/" + UUID.randomUUID();
    for (int shard = 0; shard < node.shards(); shard++) {
      followers.add(
          new ShardFollower(
              node,
              shard,
              holder,
              directory,
              matcher,
              dispatching,
              parking,
              clock,
              config.slowAfter()));
    }
    vertx.setPeriodic(START_DUE_EVERY_MILLIS, _ -> startDue(dispatching));
    vertx.setPeriodic(SWEEP_EVERY_MILLIS, _ -> matcher.sweep());
    start(sweep);
    vertx.setPeriodic(TELL_EVERY_MILLIS, _ -> dispatching.tellGivenUp());
    node.health().register("webhooks", () -> health(dispatching, attempts, sweep.figures()));
    tellPrivateTargets();
    migrate();
    var expired = new ExpiredKeys(writer);
    vertx.setPeriodic(FORGET_EVERY_MILLIS, _ -> forget(expired));
    var trials = new Trials(matcher, client, clock);
    return serveLog(matcher, clock)
        .compose(_ -> serveDeliveries())
        .compose(_ -> serve(trials, writer))
        .onSuccess(_ -> followers.forEach(ShardFollower::start));
  }

  private Future<?> serve(Trials trials, ConfigurationWriter writer) {
    return node.bus()
        .serveKnown(
            "webhooks",
            WebhooksRequest.class,
            (request, who) ->
                request instanceof WebhooksRequest.TestIntegration test
                    ? trials.answer(test)
                    : answer(
                        new Integrations(writer.by(who, request), directory, config.brokers()),
                        request));
  }

  private AttemptWriter log(InstantSource clock) {
    var store = new AttemptStore(database);
    var writer = new AttemptWriter(store, clock, LOG_BYTES, node.meters());
    var keeper = new LogKeeper(store, config.logKeep(), clock);
    log = writer;
    vertx.setPeriodic(LOG_EVERY_MILLIS, _ -> whenMigrated(writer::turn));
    vertx.setPeriodic(LOG_EVERY_MILLIS, KEEP_LOG_EVERY_MILLIS, _ -> whenMigrated(keeper::turn));
    return writer;
  }

  private void whenMigrated(Supplier<Future<Void>> work) {
    if (migrated) {
      var _ = work.get();
    }
  }

  private Future<?> serveLog(Matcher matcher, InstantSource clock) {
    var maxAge = config.limits().retries().maxAge();
    var attempts = new Attempts(database, matcher, config.logKeep(), maxAge, clock);
    return node.bus()
        .serve(
            "attempts",
            AttemptsRequest.class,
            request ->
                migrated
                    ? attempts.answer(request)
                    : Future.succeededFuture(Attempts.databaseDown()));
  }

  private Future<?> serveDeliveries() {
    var deliveries = new Redeliveries(database, config.limits().retries().maxAge());
    return node.bus()
        .serve(
            "deliveries",
            DeliveriesRequest.class,
            request ->
                migrated
                    ? deliveries.answer(request)
                    : Future.succeededFuture(Redeliveries.databaseDown()));
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    if (dispatcher == null) {
      return Future.succeededFuture();
    }
    dispatcher.stop();
    long deadline = System.nanoTime() + LAST_REQUESTS_MILLIS * 1_000_000;
    var reading = Future.join(followers.stream().map(ShardFollower::stopReading).toList());
    return Future.join(
            quiet(dispatcher, deadline),
            reading.timeout(LAST_REQUESTS_MILLIS, TimeUnit.MILLISECONDS))
        .transform(_ -> Future.join(followers.stream().map(ShardFollower::leave).toList()))
        .transform(_ -> lastLines())
        .transform(_ -> usage == null ? Future.succeededFuture() : usage.close())
        .otherwiseEmpty();
  }

  private Future<Void> lastLines() {
    return log == null || !migrated
        ? Future.succeededFuture()
        : log.turn().timeout(LAST_REQUESTS_MILLIS, TimeUnit.MILLISECONDS);
  }

  private Future<Void> quiet(Dispatcher dispatching, long deadlineNanos) {
    if (dispatching.isQuiet() || System.nanoTime() > deadlineNanos) {
      return Future.succeededFuture();
    }
    Promise<Void> later = Promise.promise();
    vertx.setTimer(LOOK_MILLIS, _ -> later.complete());
    return later.future().compose(_ -> quiet(dispatching, deadlineNanos));
  }

  private void start(Sweep sweep) {
    vertx.setPeriodic(
        SWEEP_EVERY_MILLIS,
        _ -> {
          var _ = sweep.turn();
        });
    vertx.setPeriodic(
        COUNT_EVERY_MILLIS,
        _ -> {
          var _ = sweep.count();
        });
  }

  private void tellPrivateTargets() {
    switch (config.limits().sending().privateTargets()) {
      case NONE -> LOG.info("Webhooks go to the public Internet only");
      case LOOPBACK ->
          LOG.info(
              "Webhooks may go to this machine itself, and else to the public Internet only"
                  + " (STARLING_WEBHOOK_PRIVATE_TARGETS)");
      case ALL ->
          LOG.warn(
              "Webhooks may go to private addresses: whoever may create one can reach what this"
                  + " machine can (STARLING_WEBHOOK_PRIVATE_TARGETS)");
    }
  }

  private void startDue(Dispatcher dispatching) {
    int ours = (int) followers.stream().filter(ShardFollower::isOurs).count();
    dispatching.follow(ours, followers.size());
    followers.forEach(ShardFollower::startDue);
  }

  private void forget(ExpiredKeys expired) {
    if (migrated) {
      var _ =
          expired.turn().onFailure(cause -> LOG.debug("Expired keys are not forgotten yet", cause));
    }
  }

  private void migrate() {
    if (stopped) {
      return;
    }
    var _ =
        new Migrations(vertx, database)
            .migrate("webhooks", "classpath:db/webhooks")
            .onSuccess(_ -> migrated = true)
            .onFailure(
                cause -> {
                  if (!(cause instanceof DatabaseUnavailable)) {
                    LOG.error("The schema webhooks cannot be brought up to date", cause);
                  }
                  vertx.setTimer(MIGRATE_EVERY_MILLIS, _ -> migrate());
                });
  }

  private Future<? extends BusMessage> answer(Integrations integrations, WebhooksRequest request) {
    return migrated
        ? integrations.answer(request)
        : Future.succeededFuture(Integrations.databaseDown());
  }

  private Health.Part health(Dispatcher dispatching, AttemptWriter attempts, Sweep.Figures parked) {
    var figures = new LinkedHashMap<String, Number>();
    figures.put("in_flight", dispatching.inFlight());
    figures.put("log_waiting", attempts.waiting());
    figures.put("log_dropped", attempts.dropped());
    figures.put("shards_followed", followers.stream().filter(ShardFollower::isOurs).count());
    figures.put("parked_lanes", followers.stream().mapToInt(ShardFollower::parked).sum());
    figures.put("parked_deliveries", parked.parked());
    figures.put("parked_oldest_seconds", parked.oldestSeconds());
    figures.put("dead_letters", parked.dead());
    for (int shard = 0; shard < followers.size(); shard++) {
      figures.put("lag_seconds_shard_" + shard, followers.get(shard).lagMillis() / 1_000);
    }
    String configuration = migrated ? "" : "; integrations cannot be changed: no database";
    return (migrated
            ? Health.Part.up("events are delivered")
            : Health.Part.degraded("events are delivered" + configuration))
        .with(figures);
  }
}
