package io.starling.connection;

import io.micrometer.core.instrument.Counter;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.EpochClock;
import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.health.Metrics;
import io.starling.connection.admission.AdmissionLimits;
import io.starling.connection.guard.GuardLimits;
import io.starling.connection.publish.PublishLimits;
import io.starling.connection.tls.TlsConfig;
import io.starling.connection.trace.Traces;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayRequest;
import io.starling.contract.RelayHint;
import io.starling.contract.Request;
import io.starling.directory.Directory;
import io.starling.directory.DirectoryFollower;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A region in one Vert.x: gateways under test, and stand-ins for the relay and the directory on the
 * same bus addresses. Registered as an extension of a test it is closed after it.
 */
final class TestRegion implements AutoCloseable, AfterEachCallback {
  static final AccountId OWNER = AccountId.of("aaaaaaaaaaaaaaaaaaaaaaaa");
  static final AccountId OTHER = AccountId.of("bbbbbbbbbbbbbbbbbbbbbbbb");
  static final String EMAIL = "owner@example.com";
  static final DeviceId DEVICE = DeviceId.of("0123456789abcdef01234567");
  static final String SECRET = "device-secret";
  static final Duration MAX_SESSION_EXPIRY = Duration.ofDays(7);
  static final String TOKEN = "app-token";
  static final int SHARDS = 3;

  static final ListenConfig LISTEN = listen(TlsConfig.OFF);

  /** No device has to wait because a test connects it often. */
  static final GuardLimits GUARD = new GuardLimits(100_000, 100_000, 32, 0, 1_000, 0);

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final Directory directory = new Directory(InstantSource.system());
  final FakeDirectory rows = new FakeDirectory(bus);
  final FakeRelay relay = new FakeRelay(bus);
  final Metrics metrics = new Metrics();
  final Traces traces = new Traces("a", InstantSource.system());
  final EpochClock clock = new EpochClock(InstantSource.system());
  final Sessions sessions = Sessions.ofThisProcess();
  final ShardLeaders leaders = get(ShardLeaders.open(bus));

  final FakeSessions stored = new FakeSessions(bus, FakeRelay.NAME);
  final FakeRetained retained = new FakeRetained(bus, FakeRelay.NAME);

  private TestRegion() {
    leaders.heard(
        new RelayHint.Leading(
            FakeRelay.NAME,
            List.of(new RelayHint.Lead("sessions", 1), new RelayHint.Lead("retained", 1))));
    for (int shard = 0; shard < SHARDS; shard++) {
      leaders.heard(
          new RelayHint.Leading(
              FakeRelay.NAME, List.of(new RelayHint.Lead(ShardLeaders.logName(shard), 1))));
    }
  }

  /** A region that knows nobody and whose directory never came in step. */
  static TestRegion blank() {
    return new TestRegion();
  }

  /** A region with one account, one device of it in product 7, and one token of it. */
  static TestRegion start() {
    var region = new TestRegion();
    region.rows.put("account", OWNER.toString(), account(OWNER, EMAIL));
    region.rows.put("account", OTHER.toString(), account(OTHER, "other@example.com"));
    region.rows.put("product", "7", product(7));
    region.rows.put("device", DEVICE.toString(), device(DEVICE, OWNER, SECRET));
    region.rows.put("token", Secrets.hash(TOKEN), token(TOKEN, OWNER, null));
    done(region.vertx.deployVerticle(new DirectoryFollower(region.bus, region.directory)));
    region.await(() -> region.directory.age().isPresent());
    return region;
  }

  void await(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }

  static JsonObject account(AccountId id, String email) {
    return new JsonObject()
        .put("id", id.toString())
        .put("email", email)
        .put("created_at", Instant.EPOCH.toString());
  }

  static JsonObject device(DeviceId id, @Nullable AccountId owner, String secret) {
    return new JsonObject()
        .put("id", id.toString())
        .put("owner", owner == null ? null : owner.toString())
        .put("product", 7)
        .put("secret_hash", Secrets.hash(secret))
        .put("created_at", Instant.EPOCH.toString());
  }

  static JsonObject token(String token, AccountId account, @Nullable Instant expiresAt) {
    return new JsonObject()
        .put("hash", Secrets.hash(token))
        .put("account", account.toString())
        .put("client", "cli")
        .put("created_at", Instant.EPOCH.toString())
        .put("expires_at", expiresAt == null ? null : expiresAt.toString());
  }

  static JsonObject product(int id) {
    return new JsonObject()
        .put("id", id)
        .put("slug", "p" + id)
        .put("name", "Product")
        .put("description", "")
        .put("platform", 6)
        .put("owner", OWNER.toString())
        .put(
            "classes",
            new JsonArray()
                .add(new JsonObject().put("prefix", "log").put("class", "BULK"))
                .add(new JsonObject().put("prefix", "alarm").put("class", "CRITICAL")))
        .put("created_at", Instant.EPOCH.toString());
  }

  /** On ports that the system chooses. */
  static ListenConfig listen(TlsConfig tls) {
    return new ListenConfig("127.0.0.1", 0, 0, 0, 0, tls, List.of(), Set.of());
  }

  static ConnectionConfig config() {
    return config(
        new AdmissionLimits(1_000, 100, Duration.ofSeconds(3)),
        new PublishLimits(100_000, 100_000, 64 << 20),
        null,
        Duration.ofSeconds(4));
  }

  static ConnectionConfig config(
      AdmissionLimits admission,
      PublishLimits publish,
      @Nullable String serverReference,
      Duration commitTimeout) {
    return config(LISTEN, GUARD, admission, publish, serverReference, commitTimeout);
  }

  /** A gateway that listens so, with those limits. */
  static ConnectionConfig config(ListenConfig listen, GuardLimits guard) {
    return config(
        listen,
        guard,
        new AdmissionLimits(1_000, 100, Duration.ofSeconds(3)),
        new PublishLimits(100_000, 100_000, 64 << 20),
        null,
        Duration.ofSeconds(4));
  }

  private static ConnectionConfig config(
      ListenConfig listen,
      GuardLimits guard,
      AdmissionLimits admission,
      PublishLimits publish,
      @Nullable String serverReference,
      Duration commitTimeout) {
    return new ConnectionConfig(
        listen,
        64 * 1024,
        Duration.ofSeconds(2),
        20,
        10,
        Duration.ofMinutes(20),
        commitTimeout,
        MAX_SESSION_EXPIRY,
        false,
        admission,
        guard,
        publish,
        Optional.ofNullable(serverReference));
  }

  /** The same, with events about devices that come and go. */
  static ConnectionConfig telling(ConnectionConfig config) {
    return new ConnectionConfig(
        config.listen(),
        config.maxPacketBytes(),
        config.connectTimeout(),
        config.receiveMaximum(),
        config.topicAliasMaximum(),
        config.maxKeepAlive(),
        config.commitTimeout(),
        config.maxSessionExpiry(),
        true,
        config.admission(),
        config.guard(),
        config.publish(),
        config.serverReference());
  }

  /** A gateway that listens. */
  ConnectionService gateway(String node) {
    return gateway(node, config());
  }

  ConnectionService gateway(String node, ConnectionConfig config) {
    var service = new ConnectionService(node(node), directory, config, 0, traces);
    done(vertx.deployVerticle(service));
    return service;
  }

  Node node(String name) {
    return new Node(
        name,
        "test",
        Path.of("target"),
        SHARDS,
        vertx,
        bus,
        clock,
        sessions,
        leaders,
        new Health(),
        metrics.registry());
  }

  Optional<SessionEntry> session(String client) {
    return get(sessions.find(client));
  }

  SessionEntry onlineSession(String client) {
    await(() -> session(client).filter(SessionEntry::online).isPresent());
    return session(client).orElseThrow();
  }

  <R extends BusMessage, Q extends GatewayRequest & Request<R>> R ask(Q request) {
    return get(bus.ask(request, Duration.ofSeconds(5)));
  }

  /** Makes devices of the owner whose secret is {@code s}; completes when they are known. */
  List<DeviceId> devices(int count) {
    var ids = IntStream.range(0, count).mapToObj(_ -> DeviceId.create()).toList();
    ids.forEach(id -> rows.put("device", id.toString(), device(id, OWNER, "s")));
    await(() -> directory.device(ids.getLast()).isPresent());
    return ids;
  }

  double count(String meter, String... tags) {
    return metrics.registry().get(meter).tags(tags).counters().stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  double metric(String gauge) {
    return metrics.registry().get(gauge).gauge().value();
  }

  static void done(Future<?> future) {
    var _ = get(future);
  }

  static <T extends @Nullable Object> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void afterEach(ExtensionContext test) {
    close();
  }

  @Override
  public void close() {
    done(vertx.close());
  }
}
