package io.starling.relay;

import io.micrometer.core.instrument.Counter;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.interest.JournalReader;
import io.starling.contract.BusMessage;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.HistoryRequest;
import io.starling.contract.LiveMessage;
import io.starling.contract.RelayReply;
import io.starling.contract.RelayRequest;
import io.starling.contract.RetainedRequest;
import io.starling.contract.SessionsRequest;
import io.starling.directory.Directory;
import io.starling.journal.Journal;
import io.starling.journal.JournalConfig;
import io.starling.journal.JournalLog;
import io.starling.journal.Leadership;
import io.starling.journal.LogConfig;
import io.starling.postgres.PrimaryPool;
import io.starling.relay.directory.DirectoryLog;
import io.starling.relay.drain.Drains;
import io.starling.relay.history.History;
import io.starling.relay.retained.RetainedLog;
import io.starling.relay.retention.RetentionLoop;
import io.starling.relay.retention.RetentionRules;
import io.starling.relay.route.LiveRouter;
import io.starling.relay.route.LiveTail;
import io.starling.relay.session.SessionLog;
import io.starling.relay.shard.Commits;
import io.starling.relay.shard.JournalHealth;
import io.starling.relay.shard.LeaderHints;
import io.starling.relay.shard.Shard;
import io.starling.relay.share.SharedRouter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device broker: opens the journal, serves its shards, the directory log and the logs of
 * sessions and of retained messages, routes live events, drains into the database.
 */
public final class RelayService extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RelayService.class);
  private static final long SWEEP_MILLIS = 1_000;
  private static final long EXPIRY_MILLIS = 10_000;
  private static final long WILLS_MILLIS = 250;
  private static final Duration WILL_BUDGET = Duration.ofSeconds(3);
  private static final Duration HAND_OVER = Duration.ofSeconds(5);

  private final Node node;
  private final RelayConfig config;
  private final PrimaryPool database;
  private final Directory configuration;
  private final Consumer<Throwable> onFatal;
  private final DirectoryLog.Opening directory = new DirectoryLog.Opening();
  private final SessionLog.Opening sessions = new SessionLog.Opening();
  private final RetainedLog.Opening retained = new RetainedLog.Opening();
  private final List<Shard> shards = new ArrayList<>();
  private final RetentionLoop retention;
  private @Nullable Journal journal;
  private @Nullable Drains drains;

  /**
   * A relay for one node.
   *
   * @param database may be down, also at start
   * @param configuration tells how long the events of products are kept
   * @param onFatal told when the journal can no longer be written: the process has to end
   */
  public RelayService(
      Node node,
      RelayConfig config,
      PrimaryPool database,
      Directory configuration,
      Consumer<Throwable> onFatal) {
    this.node = node;
    this.config = config;
    this.database = database;
    this.configuration = configuration;
    this.retention =
        new RetentionLoop(
            database, new RetentionRules(config.eventRetentionDays()), InstantSource.system());
    this.onFatal = onFatal;
  }

  @Override
  public Future<?> start() {
    return Journal.open(vertx, journalConfig(), node.meters()).compose(this::serve);
  }

  @Override
  public Future<?> stop() {
    retention.stop();
    if (drains != null) {
      drains.stop();
    }
    var opened = journal;
    if (opened == null) {
      return Future.succeededFuture();
    }
    return alone() ? opened.close() : opened.handOver(HAND_OVER).transform(_ -> opened.close());
  }

  private boolean alone() {
    return config.replicas().size() < 2;
  }

  private JournalConfig journalConfig() {
    var logs = new ArrayList<LogConfig>();
    logs.add(directory.config());
    logs.add(sessions.config());
    logs.add(retained.config());
    for (int shard = 0; shard < node.shards(); shard++) {
      logs.add(LogConfig.of(ShardLeaders.logName(shard)));
    }
    return JournalConfig.of(node.data().resolve("journal"), logs)
        .address(config.host(), config.journalPort())
        .replicas(config.replicas())
        .retention(config.retention())
        .disk(config.diskQuotaBytes(), config.minFreeBytes(), 32 << 20)
        .onFatal(onFatal)
        .build();
  }

  private Future<?> serve(Journal opened) {
    journal = opened;
    var router = new LiveRouter(node.bus(), shared(), node.meters());
    var refused =
        Counter.builder("starling.relay.refused")
            .description("Appends refused in whole or in part because the disk fills up")
            .register(node.meters());
    for (int number = 0; number < node.shards(); number++) {
      var log = opened.log(ShardLeaders.logName(number));
      var shard = new Shard(number, log, opened.disk(), commits(log), refused);
      shards.add(shard);
    }
    var directoryLog = opened.log(DirectoryLog.NAME);
    var directoryService = directory.over(directoryLog, commits(directoryLog));
    var sessionsLog = opened.log(SessionLog.NAME);
    var sessionService =
        sessions.over(sessionsLog, appender(), InstantSource.system(), node.meters());
    var retainedLog = opened.log(RetainedLog.NAME);
    var retainedService = retained.over(retainedLog, InstantSource.system(), node.meters());
    var draining = new Drains(vertx, node, database, configuration, opened.diskId(), shards);
    draining.ready().onSuccess(_ -> retention.run(vertx));
    drains = draining;
    registerHealth(opened, directoryService, sessionService, retainedService, draining);
    return node.bus()
        .serve(
            "relay." + node.name(),
            RelayRequest.class,
            request -> answer(request, router, directoryService))
        .compose(
            served ->
                node.bus().serve("directory", DirectoryRequest.class, directoryService::answer))
        .compose(
            served ->
                node.bus().serve("history", HistoryRequest.class, new History(database)::answer))
        .compose(
            served ->
                node.bus()
                    .serve(
                        "sessions." + node.name(), SessionsRequest.class, sessionService::answer))
        .compose(
            served ->
                node.bus()
                    .serve(
                        "retained." + node.name(), RetainedRequest.class, retainedService::answer))
        .onSuccess(
            served -> lead(List.of(directoryLog, sessionsLog, retainedLog), router, draining))
        .onSuccess(served -> expire(sessionService, retainedService));
  }

  private SharedRouter shared() {
    var reader = new JournalReader(node.bus(), node.leaders());
    return new SharedRouter(vertx, node.bus(), reader, node.name(), node.shards(), node.meters());
  }

  private void lead(List<JournalLog> others, LiveRouter router, Drains draining) {
    var logs = new ArrayList<>(others);
    shards.forEach(shard -> logs.add(shard.log()));
    var hints = new LeaderHints(node.bus(), node.name(), logs);
    others.forEach(log -> log.onLeadership(_ -> hints.tell()));
    var tails = new ArrayList<LiveTail>();
    for (Shard shard : shards) {
      var tail = new LiveTail(vertx, shard, router);
      tails.add(tail);
      shard
          .log()
          .onLeadership(
              leadership -> {
                hints.tell();
                if (leadership instanceof Leadership.Leading) {
                  // Whoever this node has not heard of, or has forgotten, tells again at once.
                  node.bus().publish(new LiveMessage.InterestWanted(node.name()));
                  tail.lead();
                  draining.start(shard.number());
                } else {
                  tail.follow();
                }
              });
    }
    vertx.setPeriodic(
        SWEEP_MILLIS,
        tick -> {
          hints.tell();
          router.sweep();
          tails.forEach(LiveTail::note);
        });
  }

  private EventAppender appender() {
    return new EventAppender(vertx, node.bus(), node.leaders(), node.shards(), WILL_BUDGET);
  }

  private void expire(SessionLog sessionService, RetainedLog retainedService) {
    vertx.setPeriodic(WILLS_MILLIS, tick -> sessionService.publishWills());
    vertx.setPeriodic(
        EXPIRY_MILLIS,
        tick -> {
          sessionService
              .turn(System.currentTimeMillis())
              .onFailure(cause -> LOG.error("Sessions could not be expired", cause));
          retainedService
              .turn()
              .onFailure(cause -> LOG.error("Retained messages could not be expired", cause));
        });
  }

  private Commits commits(JournalLog log) {
    var commits = new Commits(vertx);
    var context = vertx.getOrCreateContext();
    log.onCommitted(() -> context.runOnContext(now -> commits.happened()));
    return commits;
  }

  private Future<? extends BusMessage> answer(
      RelayRequest request, LiveRouter router, DirectoryLog directoryService) {
    return switch (request) {
      case RelayRequest.Append append -> shard(append.shard()).append(append);
      case RelayRequest.AppendChanges append -> directoryService.append(append);
      case RelayRequest.Read read -> shard(read.shard()).read(read);
      case RelayRequest.ReadMatching read -> shard(read.shard()).read(read);
      case RelayRequest.SetCursor set -> shard(set.shard()).setCursor(set);
      case RelayRequest.RemoveCursor remove -> shard(remove.shard()).removeCursor(remove);
      case RelayRequest.Lease lease -> Future.succeededFuture(shard(lease.shard()).lease(lease));
      case RelayRequest.ListCursors list ->
          Future.<RelayReply.CursorsReply>succeededFuture(
              shard(list.shard()).cursors(list.prefix()));
      case RelayRequest.SetInterest set -> Future.succeededFuture(router.set(set));
      case RelayRequest.ChangeInterest change -> Future.succeededFuture(router.change(change));
      case RelayRequest.SharedDone done -> Future.succeededFuture(router.done(done));
    };
  }

  private Shard shard(int number) {
    return shards.get(number);
  }

  private void registerHealth(
      Journal opened,
      DirectoryLog directoryService,
      SessionLog sessionService,
      RetainedLog retainedService,
      Drains draining) {
    var health = new JournalHealth(opened, shards, alone());
    health.look();
    vertx.setPeriodic(SWEEP_MILLIS, tick -> health.look());
    node.health().register("journal", health::part);
    node.health()
        .register(
            "directory-log",
            () ->
                Health.Part.up("feed at " + directoryService.feedAt())
                    .with(Map.of("rows", directoryService.size())));
    node.health()
        .register(
            "session-log",
            () ->
                Health.Part.up(sessionService.size() + " persistent sessions")
                    .with(
                        Map.of(
                            "sessions",
                            sessionService.size(),
                            "gateways",
                            sessionService.gateways())));
    node.health()
        .register(
            "retained-log",
            () ->
                Health.Part.up(retainedService.size() + " retained messages")
                    .with(
                        Map.of(
                            "messages", retainedService.size(), "bytes", retainedService.bytes())));
    node.health().register("drain", draining::health);
  }
}
