package io.starling.standalone;

import io.starling.accounts.AccountsService;
import io.starling.api.ApiService;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.health.HealthServer;
import io.starling.bootstrap.health.Metrics;
import io.starling.cluster.Cluster;
import io.starling.connection.ConnectionService;
import io.starling.connection.trace.TraceRoutes;
import io.starling.connection.trace.Traces;
import io.starling.directory.Directory;
import io.starling.directory.DirectoryFollower;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.embedded.EmbeddedSettings;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.starling.relay.RelayService;
import io.starling.standalone.StandaloneConfig.Service;
import io.starling.webhooks.WebhooksService;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of one process, started in an order in which each finds what it asks, and stopped in
 * the reverse one.
 */
final class Cloud {
  private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);

  private static final long SETTLE_LIMIT_MILLIS = 10_000;
  private static final long SETTLE_LOOK_MILLIS = 50;
  private static final long STEP_LOOK_MILLIS = 500;
  private static final long NO_DATABASE_MILLIS = 1_500;

  private final StandaloneConfig config;
  private final Progress progress;
  private final Optional<Cluster> cluster;
  private final Vertx vertx;
  private final Metrics metrics = new Metrics();
  private final Health health = new Health();
  private final Directory directory = new Directory(InstantSource.system());
  private final AtomicBoolean ready = new AtomicBoolean();
  private final Deque<String> deployed = new ConcurrentLinkedDeque<>();
  private final List<ConnectionService> gateways = new CopyOnWriteArrayList<>();
  private volatile boolean stopping;
  private volatile Future<Optional<EmbeddedDatabase>> embedded =
      Future.succeededFuture(Optional.empty());
  private volatile @Nullable PrimaryPool database;

  /**
   * The services of one process.
   *
   * @param cluster that it has joined, and leaves when it stops; empty: one machine
   */
  Cloud(StandaloneConfig config, Progress progress, Optional<Cluster> cluster) {
    this.config = config;
    this.progress = progress;
    this.cluster = cluster;
    this.vertx =
        cluster
            .map(Cluster::vertx)
            .orElseGet(() -> Vertx.builder().withTransport(config.sockets().transport()).build());
  }

  Vertx vertx() {
    return vertx;
  }

  Directory directory() {
    return directory;
  }

  /**
   * Starts everything; completes with the node once messages can pass. It says that it is ready by
   * {@link #inStep}.
   */
  Future<Node> start() {
    health.register("directory", this::directoryHealth);
    cluster.ifPresent(
        joined -> {
          health.register("cluster", joined::health);
          joined.bindTo(metrics.registry());
        });
    return database()
        .compose(pool -> node().compose(node -> services(node, pool).map(node)))
        .compose(node -> settled().map(node));
  }

  /**
   * Completes, and makes this node ready, once its replica of the journal has caught up with the
   * others: before, no other node should be stopped. That may take as long as there is to read.
   *
   * @param waiting told every now and then how it is meanwhile
   */
  Future<Void> inStep(Consumer<String> waiting) {
    var journal = health.look().get("journal");
    if (stopping || journal == null || journal.status() == Health.Status.UP) {
      ready.set(!stopping);
      return Future.succeededFuture();
    }
    waiting.accept(journal.note());
    return vertx.timer(STEP_LOOK_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> inStep(waiting));
  }

  private Future<PrimaryPool> database() {
    var uris = config.database().map(Future::succeededFuture).orElseGet(this::startEmbedded);
    return uris.map(
        uri -> {
          var pool =
              PrimaryPool.open(vertx, "starling", DatabaseConfig.of(uri), metrics.registry());
          database = pool;
          health.register("database", () -> DatabasePart.of(pool.health()));
          return pool;
        });
  }

  private Future<String> startEmbedded() {
    progress.step("starting the embedded PostgreSQL");
    // Its own exit hook would stop it under the services, which end at the same time.
    var settings = EmbeddedSettings.durable().withStopOnExit(false);
    embedded =
        vertx.executeBlocking(
            () -> Optional.of(EmbeddedDatabase.start(config.data().resolve("postgres"), settings)));
    return embedded.map(server -> server.orElseThrow().uri());
  }

  private Future<Node> node() {
    return Node.open(
        config.node(),
        config.region(),
        config.data(),
        config.shards(),
        vertx,
        cluster.map(Cluster::sessions).orElseGet(Sessions::ofThisProcess),
        health,
        metrics.registry());
  }

  private Future<?> services(Node node, PrimaryPool pool) {
    var healthServer =
        new HealthServer(
            health, metrics, config.node(), config.host(), config.healthPort(), ready::get);
    var traces = new Traces(config.node(), InstantSource.system());
    return deploy(healthServer.with("/trace", new TraceRoutes(vertx, traces)::answer))
        .compose(
            done ->
                deployIf(
                    Service.RELAY,
                    "opening the journal",
                    () ->
                        new RelayService(
                            node, config.relay(), pool, directory, this::journalFailed)))
        .compose(
            done ->
                deployIf(
                    Service.ACCOUNTS,
                    "starting accounts",
                    () -> new AccountsService(node, pool, config.accounts())))
        .compose(done -> deploy(new DirectoryFollower(node.bus(), directory)))
        .compose(
            done ->
                deployIf(
                    Service.WEBHOOKS,
                    "starting webhooks",
                    () -> new WebhooksService(node, directory, pool, config.webhooks())))
        .compose(
            done ->
                deployEach(
                    Service.API,
                    "opening the API",
                    i -> new ApiService(node, directory, config.api(), i)))
        .compose(
            done ->
                deployEach(
                    Service.CONNECTION, "opening the MQTT gateway", i -> gateway(node, i, traces)));
  }

  private ConnectionService gateway(Node node, int instance, Traces traces) {
    var gateway = new ConnectionService(node, directory, config.connection(), instance, traces);
    gateways.add(gateway);
    return gateway;
  }

  private Future<?> deployIf(
      Service service, String step, java.util.function.Supplier<Deployable> verticle) {
    if (!config.runs(service)) {
      return Future.succeededFuture();
    }
    progress.step(step);
    return deploy(verticle.get());
  }

  private Future<?> deployEach(Service service, String step, IntFunction<Deployable> verticle) {
    if (!config.runs(service)) {
      return Future.succeededFuture();
    }
    progress.step(step);
    Future<?> all = Future.succeededFuture();
    for (int i = 0; i < config.eventLoops(); i++) {
      int instance = i;
      all = all.compose(done -> deploy(verticle.apply(instance)));
    }
    return all;
  }

  private Future<?> deploy(Deployable verticle) {
    return stopping
        ? Future.failedFuture("told to stop")
        : vertx.deployVerticle(verticle, new DeploymentOptions()).onSuccess(deployed::push);
  }

  /**
   * A journal that cannot be written leaves nothing to promise: the process ends, and its shards
   * are led elsewhere or opened again.
   */
  private void journalFailed(Throwable cause) {
    LOG.error("The journal cannot be written any more, the process ends", cause);
    Runtime.getRuntime().halt(70);
  }

  private Health.Part directoryHealth() {
    var figures = directory.sizes();
    return directory
        .age()
        .map(
            age ->
                age.toSeconds() < 10
                    ? Health.Part.up("in step")
                    : Health.Part.degraded("last in step " + age.toSeconds() + " s ago"))
        .orElse(Health.Part.down("nothing is known yet"))
        .with(figures);
  }

  /**
   * Completes when every part works, or when it is clear that the database does not, or after a
   * while: schemas are brought up to date behind the start, which waits for no database.
   */
  Future<Void> settled() {
    return settled(System.nanoTime());
  }

  private Future<Void> settled(long sinceNanos) {
    var parts = health.look();
    var accounts = parts.get("accounts");
    if (accounts != null && accounts.status() == Health.Status.DOWN) {
      return Future.failedFuture(new StartRefused(accounts.note()));
    }
    long millis = (System.nanoTime() - sinceNanos) / 1_000_000;
    // The cluster may be waiting for members that start later.
    boolean allUp =
        parts.entrySet().stream()
            .allMatch(
                part ->
                    part.getKey().equals("cluster")
                        || part.getValue().status() == Health.Status.UP);
    boolean noDatabase =
        parts.get("database") instanceof Health.Part database
            && database.status() != Health.Status.UP;
    if (allUp || millis > SETTLE_LIMIT_MILLIS || (noDatabase && millis > NO_DATABASE_MILLIS)) {
      return Future.succeededFuture();
    }
    return vertx.timer(SETTLE_LOOK_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> settled(sinceNanos));
  }

  /** Stops everything; see {@link Shutdown}. */
  Future<Void> stop() {
    stopping = true;
    ready.set(false);
    var parts = new Shutdown.Parts(vertx, cluster, deployed, gateways, embedded, database);
    return new Shutdown(config.stopLimits(), parts).run();
  }

  /** The ports that will be opened, by setting. */
  static Map<String, Integer> ports(StandaloneConfig config) {
    var ports = new java.util.LinkedHashMap<String, Integer>();
    ports.put("STARLING_HEALTH_PORT", config.healthPort());
    if (config.runs(Service.API)) {
      ports.put("STARLING_API_PORT", config.api().port());
    }
    if (config.runs(Service.CONNECTION)) {
      ports.put("STARLING_MQTT_PORT", config.connection().mqttPort());
      ports.put("STARLING_WEBSOCKET_PORT", config.connection().webSocketPort());
      var listen = config.connection().listen();
      if (listen.tls().isOn()) {
        ports.put("STARLING_MQTT_TLS_PORT", listen.tlsPort());
        ports.put("STARLING_WEBSOCKET_TLS_PORT", listen.webSocketTlsPort());
      }
    }
    return ports;
  }
}
