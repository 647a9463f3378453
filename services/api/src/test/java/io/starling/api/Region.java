package io.starling.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.EpochClock;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.cluster.ShardLeaders;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.settings.Settings;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.contract.RelayHint;
import io.starling.directory.Directory;
import io.starling.directory.DirectoryFollower;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A region of stand-ins around a real edge: one person with a token, one device online, one
 * offline, one of somebody else, a product with both devices of the first. Registered as an
 * extension of a test it is closed after it.
 */
final class Region implements AutoCloseable, AfterEachCallback {
  static final String EMAIL = "ada@example.com";
  static final String PASSWORD = "correct horse";
  static final String TOKEN = "0123456789abcdef0123456789abcdef01234567";
  static final String OTHER_TOKEN = "1123456789abcdef0123456789abcdef01234567";
  static final String IDLE_TOKEN = "2123456789abcdef0123456789abcdef01234567";
  static final int PRODUCT = 77;
  private static final long PUBLISHED_AT = 1_767_323_045_678L;

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx);
  final Sessions sessions = Sessions.ofThisProcess();
  final ShardLeaders leaders = await(ShardLeaders.open(bus));
  final MeterRegistry meters = new SimpleMeterRegistry();
  final Health health = new Health();
  final Directory directory = new Directory(InstantSource.system());
  final FakeDirectory rows = new FakeDirectory();
  final FakeServices services = new FakeServices(rows);
  final FakeRelay relay = new FakeRelay(bus);
  final FakeGateway gateway = new FakeGateway("gw");
  final HttpClient http = HttpClient.newHttpClient();
  final ApiService api;
  final Described described;
  private final List<ApiService> instancesOfApi = new CopyOnWriteArrayList<>();

  final AccountId person = services.person(EMAIL, PASSWORD);
  final AccountId stranger = services.person("eve@example.com", PASSWORD);
  final DeviceId online = DeviceId.of("0123456789abcdef01234567");
  final DeviceId offline = DeviceId.of("0123456789abcdef01234568");
  final DeviceId foreign = DeviceId.of("0123456789abcdef01234569");

  private final String deployment;
  private final AtomicLong sequence = new AtomicLong();

  private Region(Map<String, String> environment, int instances) {
    var settings =
        new HashMap<>(
            Map.of(
                "STARLING_API_PORT", "0",
                "STARLING_HOST", "127.0.0.1",
                // One address asks all that a class asks: limits are for tests of limits.
                "STARLING_API_RATE_LOGIN", "off",
                "STARLING_API_RATE_PEOPLE", "off",
                "STARLING_API_RATE_STREAMS", "off",
                "STARLING_API_MAX_FAILURES", "0"));
    settings.putAll(environment);
    var config = ApiConfig.from(new Settings(settings));
    var clock = new EpochClock(InstantSource.system());
    var node =
        new Node(
            "n1", "eu", Path.of("target"), 3, vertx, bus, clock, sessions, leaders, health, meters);
    rows.token(person, TOKEN, null);
    rows.token(stranger, OTHER_TOKEN, null);
    rows.token(services.person("idle@example.com", PASSWORD), IDLE_TOKEN, null);
    rows.product(PRODUCT, "thermo", person);
    rows.device(online, person, PRODUCT, "kitchen");
    rows.device(offline, person, PRODUCT, "attic");
    rows.device(foreign, stranger, 0, "theirs");
    services.owns(person, online);
    services.owns(stranger, foreign);
    done(rows.serve(bus));
    done(services.serve(bus));
    done(relay.serve());
    done(gateway.serve(vertx, bus));
    done(gateway.connect(sessions, online, clock.next()));
    for (int shard = 0; shard < 3; shard++) {
      leaders.heard(
          new RelayHint.Leading(
              FakeRelay.NAME, List.of(new RelayHint.Lead(ShardLeaders.logName(shard), 1))));
    }
    done(vertx.deployVerticle(new DirectoryFollower(bus, directory)));
    done(directory.reached(rows.end(), Duration.ofSeconds(30)));
    var next = new AtomicInteger();
    deployment =
        await(
            vertx.deployVerticle(
                () -> deployed(new ApiService(node, directory, config, next.getAndIncrement())),
                new DeploymentOptions().setInstances(instances)));
    api = instancesOfApi.getFirst();
    described = new Described(api.routes());
    for (int i = 0; i < instances; i++) {
      done(gateway.tell(bus));
    }
  }

  private ApiService deployed(ApiService instance) {
    instancesOfApi.add(instance);
    return instance;
  }

  static Region start() {
    return new Region(Map.of(), 1);
  }

  /** With settings of its own. */
  static Region start(Map<String, String> environment) {
    return new Region(environment, 1);
  }

  /** With several instances of the edge on one port. */
  static Region start(Map<String, String> environment, int instances) {
    return new Region(environment, instances);
  }

  /**
   * With limits on streams that a test reaches: five of an account, 256 KiB behind, a newline after
   * 300 ms.
   */
  static Region forStreams() {
    return start(
        Map.of(
            "STARLING_API_KEEP_ALIVE", "300ms",
            "STARLING_API_MAX_STREAMS", "5",
            "STARLING_API_STREAM_BUFFER", "256KiB"));
  }

  /** The next event of a device of this region's person. */
  Event event(DeviceId device, int product, String name, Buffer data) {
    return event(person, device, product, name, data);
  }

  private Event event(AccountId owner, DeviceId device, int product, String name, Buffer data) {
    return new Event(
        new EventId(device, 1, sequence.incrementAndGet()),
        Origin.DEVICE,
        owner,
        product,
        name,
        data,
        EventClass.NORMAL,
        PUBLISHED_AT);
  }

  /** The relay shows an event of a device of the product. */
  void show(DeviceId device, String name, String data) {
    relay.show(List.of(event(device, PRODUCT, name, Buffer.buffer(data))));
  }

  /** The relay shows an event of a device of somebody else. */
  void show(AccountId owner, DeviceId device, String name, String data) {
    relay.show(List.of(event(owner, device, 0, name, Buffer.buffer(data))));
  }

  String url(String path) {
    return "http://127.0.0.1:" + api.port() + path;
  }

  /** Asks as the person whose token this region knows. */
  Call call(String method, String path) {
    return anonymous(method, path).header("Authorization", "Bearer " + TOKEN);
  }

  Call anonymous(String method, String path) {
    return new Call(http, described, method, url(path));
  }

  Future<Void> stopApi() {
    return vertx.undeploy(deployment);
  }

  static void done(Future<?> future) {
    var _ = await(future);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError("nothing within 30 s", e);
    }
  }

  @Override
  public void afterEach(ExtensionContext test) {
    close();
  }

  @Override
  public void close() {
    http.close();
    done(vertx.close());
  }
}
