package io.starling.webhooks;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;
import io.starling.directory.Directory;
import io.starling.directory.DirectoryFollower;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.starling.webhooks.connect.PrivateTargets;
import io.starling.webhooks.delivery.DeliveryLimits;
import io.starling.webhooks.delivery.RetryPolicy;
import io.starling.webhooks.parked.ParkingLimits;
import io.starling.webhooks.send.SendLimits;
import io.starling.webhooks.sink.AllowedBrokers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A journal, a directory and a customer's server, and lives of the webhooks service that come and
 * go. Pauses between attempts are short, so that tests are.
 */
final class Stage implements AutoCloseable {
  static final AccountId ACCOUNT = AccountId.of("0123456789abcdef01234567");
  static final DeviceId DEVICE = DeviceId.of("00112233445566778899aabb");

  final Ledger ledger = new Ledger();
  final FakeRelay relay = new FakeRelay(ledger);
  final FakeDirectory directory = new FakeDirectory();
  final Sink sink;
  private final Vertx sinkVertx = Vertx.vertx();
  private final List<Life> lives = new ArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private final DeliveryLimits limits;
  private final String database;
  private final ParkingLimits parking;

  /** A process with the service, from its start to its end. */
  record Life(
      Vertx vertx,
      Bus bus,
      FakeRelay.Line line,
      Directory copy,
      SimpleMeterRegistry meters,
      Health health) {

    /** As if the power went: nothing of it reaches the journal any more. */
    void crash() {
      line.cut().set(true);
      var _ = vertx.close();
    }

    /** As if the process was stopped; it goes on when what this returns is counted down. */
    CountDownLatch freeze() {
      var thaw = new CountDownLatch(1);
      for (var loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
        loop.execute(() -> awaitUninterruptibly(thaw));
      }
      return thaw;
    }

    private static void awaitUninterruptibly(CountDownLatch thaw) {
      try {
        thaw.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    double count(String name, String... tags) {
      var counter = meters.find(name).tags(tags).counter();
      return counter == null ? 0 : counter.count();
    }
  }

  /** Without a database, so that nothing is parked. */
  Stage(DeliveryLimits limits) {
    this(
        limits,
        "postgresql://a:b@127.0.0.1:1/none",
        new ParkingLimits(Duration.ofHours(1), limits.retries().maxAge(), Duration.ofDays(30), 0));
  }

  Stage(DeliveryLimits limits, String database, ParkingLimits parking) {
    this.limits = limits;
    this.database = database;
    this.parking = parking;
    this.sink = await(Sink.open(sinkVertx));
  }

  Stage() {
    this(limits(Duration.ofSeconds(60), Duration.ofHours(3)));
  }

  static DeliveryLimits limits(Duration timeout, Duration maxAge) {
    var retries = new RetryPolicy(Duration.ofMillis(20), Duration.ofMillis(300), maxAge);
    return new DeliveryLimits(
        new SendLimits(timeout, 512, PrivateTargets.LOOPBACK), retries, 64, 64 << 20);
  }

  /** Starts a process with the service, with the stage's database. */
  Life start() {
    var vertx = Vertx.vertx();
    var meters = new SimpleMeterRegistry();
    var health = new Health();
    var node =
        await(
            Node.open(
                "test",
                "here",
                Path.of("unused"),
                1,
                vertx,
                Sessions.ofThisProcess(),
                health,
                meters));
    var copy = new Directory(InstantSource.system());
    var life = new Life(vertx, node.bus(), await(relay.serve(node)), copy, meters, health);
    lives.add(life);
    var _ = await(directory.serve(node));
    var _ = await(vertx.deployVerticle(new DirectoryFollower(node.bus(), copy)));
    var pool = PrimaryPool.open(vertx, "test", DatabaseConfig.of(database), meters);
    var brokers = AllowedBrokers.parse("127.0.0.1");
    var config =
        new WebhooksConfig(limits, brokers, Duration.ofMillis(200), Duration.ofDays(30), parking);
    var _ = await(vertx.deployVerticle(new WebhooksService(node, copy, pool, config)));
    return life;
  }

  /** An integration of the account that sends its events to a path of the sink. */
  IntegrationId hook(String event, String path) {
    return hook(
        IntegrationId.create(), new JsonObject().put("event", event).put("url", sink.url(path)));
  }

  /** The same with more properties, or with other ones than before. */
  IntegrationId hook(IntegrationId id, JsonObject configuration) {
    return directory.put(ACCOUNT, id, false, configuration);
  }

  /**
   * An ordered integration at {@code /hook}, with more properties, whose endpoint answers 503 to
   * requests with events of blocked devices.
   */
  IntegrationId orderedHook(Set<String> blocked, JsonObject more) {
    var id = IntegrationId.create();
    var configuration =
        new JsonObject()
            .put("event", "temp")
            .put("url", sink.url("/hook"))
            .put("ordered", true)
            .mergeIn(more);
    sink.on(
        "/hook",
        request -> {
          var deliveries = deliveries(id, request);
          ledger.comes(id, deliveries);
          if (deliveries.stream().anyMatch(one -> blocked.contains(one.substring(0, 24)))) {
            return 503;
          }
          take(id, request);
          return 200;
        });
    return hook(id, configuration);
  }

  /** Takes 200 as the end of a delivery, and answers a path so. */
  void deliver(String path, IntegrationId id) {
    sink.on(
        path,
        request -> {
          ledger.end(id, request.webhookId());
          return 200;
        });
  }

  Event event(String name, String data) {
    return event(DEVICE, name, data);
  }

  Event event(DeviceId device, String name, String data) {
    return new Event(
        new EventId(device, 42, sequence.incrementAndGet()),
        Origin.DEVICE,
        ACCOUNT,
        0,
        name,
        Buffer.buffer(data),
        EventClass.NORMAL,
        System.currentTimeMillis());
  }

  /** The first of some devices is {@link #DEVICE}. */
  static DeviceId device(int number) {
    return new DeviceId(DEVICE.high(), DEVICE.low() + number);
  }

  /** Takes what comes as delivered, whether it is one event or a batch. */
  void take(IntegrationId id, Sink.Received request) {
    deliveries(id, request).forEach(one -> ledger.end(id, one));
  }

  /** The webhook-ids of the deliveries in a request: a batch has them within. */
  static List<String> deliveries(IntegrationId id, Sink.Received request) {
    return request.webhookId().startsWith("batch-") || request.body().startsWith("[")
        ? new JsonArray(request.body())
            .stream().map(one -> ((JsonObject) one).getString("event_id") + "-" + id).toList()
        : List.of(request.webhookId());
  }

  /** Appends one record with events of one name, of four devices, that are owed to integrations. */
  void publish(String name, int count, IntegrationId... owed) {
    var events = new ArrayList<Event>();
    for (int i = 0; i < count; i++) {
      events.add(event(device(i % 4), name, "value " + i));
    }
    synchronized (relay) {
      for (var id : owed) {
        ledger.owe(id, relay.end(), events);
      }
      relay.append(events);
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    for (var life : lives) {
      var _ = await(life.vertx().close());
    }
    var _ = await(sinkVertx.close());
  }
}
