package io.starling.webhooks.shard;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.Change;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayHint;
import io.starling.contract.RelayReply;
import io.starling.directory.Directory;
import io.starling.directory.DirectoryFollower;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.starling.webhooks.attempt.AttemptLog;
import io.starling.webhooks.connect.PrivateTargets;
import io.starling.webhooks.connect.SystemResolver;
import io.starling.webhooks.delivery.DeliveryLimits;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.delivery.RetryPolicy;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.note.Notes;
import io.starling.webhooks.parked.Parking;
import io.starling.webhooks.parked.ParkingLimits;
import io.starling.webhooks.parked.ShardParking;
import io.starling.webhooks.response.Responses;
import io.starling.webhooks.send.DeliveryClient;
import io.starling.webhooks.send.SendLimits;
import io.starling.webhooks.send.Sender;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the parts of a follower are made with, where they are tested one by one. */
public final class FollowerParts {
  private static final DeliveryLimits LIMITS =
      new DeliveryLimits(
          new SendLimits(Duration.ofSeconds(20), 512, PrivateTargets.LOOPBACK),
          new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(3)),
          64,
          64 << 20);

  private FollowerParts() {}

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Fills a directory with integrations for events {@code temp}, by the feed that it follows. */
  public static void fill(
      Vertx vertx, Bus bus, Directory directory, AccountId account, IntegrationId... ids) {
    var position = new JournalPosition(1, 0);
    var rows =
        Stream.of(ids)
            .map(id -> new Change("integration", id.toString(), 1, 1, row(account, id)))
            .toList();
    var changes = new DirectoryReply.Changes(rows, position, true);
    var _ =
        await(
            bus.serve(
                "directory",
                DirectoryRequest.class,
                _ -> Future.<BusMessage>succeededFuture(changes)));
    var _ = await(vertx.deployVerticle(new DirectoryFollower(bus, directory)));
    var _ = await(directory.reached(position, Duration.ofSeconds(20)));
  }

  private static String row(AccountId account, IntegrationId id) {
    return """
        {"id": "%s", "account": "%s", "event": "temp", "url": "http://h/", "disabled": false,
         "configuration": {"event": "temp", "url": "http://h/"},
         "created_at": "2026-01-02T03:04:05.678901+00:00"}
        """
        .formatted(id, account);
  }

  /** A dispatcher that nothing was offered to. */
  public static Dispatcher dispatcher(Vertx vertx, Bus bus, Matcher matcher, InstantSource clock) {
    var client =
        new DeliveryClient(
            vertx, LIMITS.sending(), new SystemResolver(vertx), _ -> List.of(), clock);
    return dispatcher(vertx, bus, matcher, clock, client);
  }

  /** A dispatcher that sends by this. */
  public static Dispatcher dispatcher(
      Vertx vertx, Bus bus, Matcher matcher, InstantSource clock, Sender client) {
    var leaders = await(ShardLeaders.open(bus));
    var appender = new EventAppender(vertx, bus, leaders, 1, Duration.ofSeconds(5));
    var meters = new SimpleMeterRegistry();
    var responses = new Responses(appender, new Directory(clock), 1, clock, meters);
    var usage = new UsageCounter(bus, "webhooks", meters, clock);
    return new Dispatcher(
        matcher, client, responses, LIMITS, clock, meters, usage, AttemptLog.NONE);
  }

  /** As without a database. */
  static ShardParking noParking(Vertx vertx, Dispatcher dispatcher, Matcher matcher) {
    var nowhere =
        PrimaryPool.open(
            vertx,
            "test",
            DatabaseConfig.of("postgresql://a:b@127.0.0.1:1/none"),
            new SimpleMeterRegistry());
    var limits =
        new ParkingLimits(Duration.ofMinutes(1), Duration.ofHours(3), Duration.ofDays(30), 1_000);
    var clock = InstantSource.system();
    return new Parking(nowhere, () -> false, dispatcher, matcher, limits, clock)
        .of(0, await(Notes.read(new NoNotes(), clock)));
  }

  private record NoNotes() implements Notes.Book {
    @Override
    public Future<RelayReply.Cursors> list(String prefix) {
      return Future.succeededFuture(
          new RelayReply.Cursors(Map.of(), JournalPosition.START, JournalPosition.START));
    }

    @Override
    public Future<?> set(String name, JournalPosition position) {
      return Future.failedFuture("none is to be set");
    }

    @Override
    public Future<?> remove(String name) {
      return Future.failedFuture("there is none");
    }

    @Override
    public JournalPosition front() {
      return JournalPosition.START;
    }
  }

  /** No lanes, beside a reader of the whole shard that has come to a mark. */
  static Lanes lanes(
      Matcher matcher, Dispatcher dispatcher, ShardParking parking, Mark mainReadAt) {
    var clock = InstantSource.system();
    return new Lanes(matcher, dispatcher, parking, 5_000, () -> {}, clock, () -> mainReadAt);
  }

  /** Connected to the relay that serves {@code relay.fake}, as the leader of shard 0. */
  static ShardClient client(Vertx vertx, Bus bus) {
    var leaders = await(ShardLeaders.open(bus));
    leaders.heard(
        new RelayHint.Leading("fake", List.of(new RelayHint.Lead(ShardLeaders.logName(0), 1))));
    var client = new ShardClient(bus, leaders, 0);
    var _ = await(client.connect());
    return client;
  }
}
