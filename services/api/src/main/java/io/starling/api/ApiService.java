package io.starling.api;

import io.starling.api.access.Access;
import io.starling.api.access.TokenReach;
import io.starling.api.audit.AuditRoutes;
import io.starling.api.audit.RefusalSender;
import io.starling.api.consent.AuthorizeRoutes;
import io.starling.api.consent.DeviceLogInRoutes;
import io.starling.api.consent.MetadataRoutes;
import io.starling.api.consent.PasskeyLogInRoutes;
import io.starling.api.consent.ProviderLinks;
import io.starling.api.consent.ProviderRoutes;
import io.starling.api.customers.CustomerRoutes;
import io.starling.api.devices.CallRoutes;
import io.starling.api.devices.ClaimRoutes;
import io.starling.api.devices.ConnectionRoutes;
import io.starling.api.devices.DeviceEditRoutes;
import io.starling.api.devices.DeviceRoutes;
import io.starling.api.devices.PublicKeyRoutes;
import io.starling.api.devices.SerialNumberRoutes;
import io.starling.api.devices.TransferRoutes;
import io.starling.api.diagnostics.DiagnosticsRoutes;
import io.starling.api.document.DocumentRoutes;
import io.starling.api.env.EnvRoutes;
import io.starling.api.events.LiveStreams;
import io.starling.api.events.PublishRoutes;
import io.starling.api.events.Publisher;
import io.starling.api.events.StreamRoutes;
import io.starling.api.history.HistoryRoutes;
import io.starling.api.integrations.AttemptRoutes;
import io.starling.api.integrations.DeliveryRoutes;
import io.starling.api.integrations.IntegrationRoutes;
import io.starling.api.integrations.SigningKeyRoutes;
import io.starling.api.ledgers.InstanceRoutes;
import io.starling.api.ledgers.LedgerRoutes;
import io.starling.api.libraries.LibraryRoutes;
import io.starling.api.logic.LogicRoutes;
import io.starling.api.oauth.ClientRoutes;
import io.starling.api.oauth.CustomerGrants;
import io.starling.api.oauth.OAuthClients;
import io.starling.api.oauth.OAuthRoutes;
import io.starling.api.oauth.OwnTokenRoutes;
import io.starling.api.orgs.ColleagueRoutes;
import io.starling.api.orgs.OrganizationRoutes;
import io.starling.api.products.AuthorityRoutes;
import io.starling.api.products.GroupRoutes;
import io.starling.api.products.ImportRoutes;
import io.starling.api.products.MembershipRoutes;
import io.starling.api.products.MoveRoutes;
import io.starling.api.products.PermissionRoutes;
import io.starling.api.products.ProductDeviceRoutes;
import io.starling.api.products.ProductRoutes;
import io.starling.api.products.TeamRoutes;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.region.GatewayClient;
import io.starling.api.region.SessionFinder;
import io.starling.api.secrets.SecretRoutes;
import io.starling.api.usage.MetricsRoutes;
import io.starling.api.usage.UsageClient;
import io.starling.api.usage.UsageRoutes;
import io.starling.api.users.IdentityRoutes;
import io.starling.api.users.LinkRoutes;
import io.starling.api.users.MfaRoutes;
import io.starling.api.users.PasskeyRoutes;
import io.starling.api.users.TokenRoutes;
import io.starling.api.users.UserRoutes;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.bus.TokenUses;
import io.starling.bootstrap.cluster.Gateways;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.interest.JournalReader;
import io.starling.bootstrap.interest.LiveEntries;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.directory.Directory;
import io.starling.http.Endpoints;
import io.starling.http.InvalidRequests;
import io.starling.http.Pace;
import io.starling.http.Patience;
import io.starling.http.TokenCheck;
import io.starling.http.rate.FailedAttempts;
import io.starling.http.rate.RateLimits;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.shareddata.Shareable;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The REST and SSE edge, one instance per event loop; instances share the port. Stopping ends the
 * listener and all streams within two seconds.
 */
public final class ApiService extends VerticleBase {
  private static final int IDLE_SECONDS = 60;
  private static final int MAX_REQUEST_LINE = 8 << 10;
  private static final int MAX_HEAD = 16 << 10;
  private static final long STOP_MILLIS = 1_000;

  private final Node node;
  private final Directory directory;
  private final ApiConfig config;
  private final int instance;
  private @Nullable HttpServer server;
  private @Nullable LiveStreams streams;
  private @Nullable LiveFeed live;
  private @Nullable Endpoints endpoints;
  private @Nullable RefusalSender refusals;
  private @Nullable UsageCounter usage;

  /**
   * One instance.
   *
   * @param instance tells the instances of a process apart, from 0
   */
  public ApiService(Node node, Directory directory, ApiConfig config, int instance) {
    this.node = node;
    this.directory = directory;
    this.config = config;
    this.instance = instance;
  }

  @Override
  public Future<?> start() {
    String holder = "api-" + node.name() + "-" + instance;
    return Future.all(
            LiveFeed.open(vertx, node.bus(), node.leaders(), node.shards(), holder, this::show),
            Gateways.open(node.bus()),
            // One of the process's is enough: what is counted is shared.
            instance == 0 ? attempts().listen() : Future.succeededFuture())
        .compose(both -> listen(both.resultAt(0), both.resultAt(1)));
  }

  private void show(LiveEntries entries) {
    if (streams != null) {
      streams.show(entries);
    }
  }

  private Future<HttpServer> listen(LiveFeed feed, Gateways present) {
    live = feed;
    var uses = TokenUses.telling(vertx, node.bus(), InstantSource.system());
    var tokens = new TokenCheck(node.bus(), directory, new Patience(vertx), uses);
    var open =
        new LiveStreams(
            vertx,
            feed,
            new JournalReader(node.bus(), node.leaders()),
            node.shards(),
            tokens,
            new Access(directory),
            config.keepAlive(),
            config.maxStreams(),
            node.meters(),
            Integer.toString(instance));
    var served = routes(tokens, open, present);
    endpoints = served;
    streams = open;
    node.health()
        .register(
            "api-" + instance,
            () ->
                (server == null ? Health.Part.down("not listening") : Health.Part.up("listening"))
                    .with(
                        Map.of("streams", open.count(), "requests_under_way", served.inFlight())));
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost(config.host())
                // To Vert.x, 0 is a port for each instance and -1 one for all of a deployment.
                .setPort(config.port() == 0 ? -1 : config.port())
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEAD)
                // Streams are not idle: they send a newline before this.
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS))
        .requestHandler(served.handler())
        .invalidRequestHandler(new InvalidRequests())
        .listen()
        .onSuccess(listening -> server = listening);
  }

  private Endpoints routes(TokenCheck tokens, LiveStreams open, Gateways present) {
    var clock = InstantSource.system();
    var limits =
        new Endpoints.Limits(
            config.maxBodyBytes(),
            config.bodyTimeout(),
            config.maxInFlight(),
            Math.max(1, config.maxInFlight() / 4),
            config.forwarded());
    var heard = new RefusalSender(vertx, node.bus(), directory, clock, node.meters(), instance);
    refusals = heard;
    var pace = new Pace(rates(), attempts(), RatesConfig.SECRETS, RatesConfig.EASY);
    var endpoints =
        new Endpoints(vertx, tokens, new TokenReach(directory), limits, pace, heard, node.meters());
    var counter = UsageCounter.telling(vertx, node, clock);
    usage = counter;
    var patience = new Patience(vertx);
    var access = new Access(directory);
    var configuration = new ConfigurationClient(node.bus(), directory, patience);
    var sessions = new SessionFinder(node.bus(), node.sessions(), present);
    var gateways = new GatewayClient(vertx, node.bus(), sessions);
    var appender =
        new EventAppender(vertx, node.bus(), node.leaders(), node.shards(), Publisher.BUDGET);
    var publisher = new Publisher(appender, patience, node.clock(), clock, node.shards());

    // Routes are tried in this order: words before names.
    var clients = new OAuthClients(directory);
    var customers = new CustomerGrants(configuration, directory, clock);
    new OAuthRoutes(configuration, clients, customers, clock).addTo(endpoints);
    new OwnTokenRoutes(configuration, clients, tokens, directory).addTo(endpoints);
    var providers = new ProviderLinks(configuration, clock);
    var authorize = new AuthorizeRoutes(configuration, directory, providers);
    var devices = new DeviceLogInRoutes(configuration, clients, providers);
    authorize.addTo(endpoints);
    devices.addTo(endpoints);
    new ProviderRoutes(configuration, authorize, devices).addTo(endpoints);
    new IdentityRoutes(configuration).addTo(endpoints);
    new PasskeyLogInRoutes(configuration).addTo(endpoints);
    MetadataRoutes.addTo(endpoints);
    new ClientRoutes(access, configuration, directory).addTo(endpoints);
    new UserRoutes(configuration, directory).addTo(endpoints);
    new LinkRoutes(configuration).addTo(endpoints);
    new MfaRoutes(configuration).addTo(endpoints);
    new PasskeyRoutes(configuration, directory).addTo(endpoints);
    new TokenRoutes(directory, configuration).addTo(endpoints);
    new CustomerRoutes(vertx, access, directory, configuration, customers).addTo(endpoints);
    new PublishRoutes(access, publisher).addTo(endpoints);
    var streams = new StreamRoutes(vertx, access, open, config.streamBufferBytes());
    new HistoryRoutes(vertx, access, directory, node.bus(), tokens, streams).addTo(endpoints);
    streams.addTo(endpoints);
    new AuditRoutes(vertx, access, node.bus(), tokens).addTo(endpoints);
    new UsageRoutes(access, new UsageClient(node.bus()), clock).addTo(endpoints);
    new MetricsRoutes(access, directory, new UsageClient(node.bus()), clock).addTo(endpoints);
    new AttemptRoutes(access, directory, node.bus(), clock).addTo(endpoints);
    new DeliveryRoutes(access, directory, node.bus()).addTo(endpoints);
    new IntegrationRoutes(access, directory, configuration, node.bus(), clock).addTo(endpoints);
    new SigningKeyRoutes(access, directory, configuration, clock).addTo(endpoints);
    new ProductRoutes(access, directory, configuration).addTo(endpoints);
    new PermissionRoutes(access, configuration).addTo(endpoints);
    new AuthorityRoutes(access, directory, configuration).addTo(endpoints);
    new MembershipRoutes(vertx, access, configuration).addTo(endpoints);
    new TeamRoutes(access, directory, configuration).addTo(endpoints);
    new OrganizationRoutes(access, directory, configuration).addTo(endpoints);
    new ColleagueRoutes(access, directory, configuration).addTo(endpoints);
    new ImportRoutes(vertx, access, configuration).addTo(endpoints);
    new MoveRoutes(access, directory, configuration).addTo(endpoints);
    new GroupRoutes(access, directory, configuration).addTo(endpoints);
    new ProductDeviceRoutes(vertx, access, directory, sessions, configuration).addTo(endpoints);
    new TransferRoutes(access, configuration).addTo(endpoints);
    new DeviceRoutes(vertx, directory, access, sessions, gateways, node.bus()).addTo(endpoints);
    new SerialNumberRoutes(directory).addTo(endpoints);
    new PublicKeyRoutes(access, configuration).addTo(endpoints);
    new ClaimRoutes(access, directory, configuration, sessions).addTo(endpoints);
    new DeviceEditRoutes(access, directory, configuration, gateways, clock).addTo(endpoints);
    new LedgerRoutes(access, directory, configuration).addTo(endpoints);
    new InstanceRoutes(access, directory, configuration).addTo(endpoints);
    new EnvRoutes(access, directory, configuration, node.bus()).addTo(endpoints);
    new SecretRoutes(access, configuration).addTo(endpoints);
    new LibraryRoutes(vertx, configuration).addTo(endpoints);
    new LogicRoutes().addTo(endpoints);
    new ConnectionRoutes(access, node.bus()).addTo(endpoints);
    new DiagnosticsRoutes(access, node.bus(), gateways, config.callTimeout(), clock)
        .addTo(endpoints);
    new CallRoutes(access, sessions, gateways, counter, config.callTimeout()).addTo(endpoints);
    new DocumentRoutes().addTo(endpoints);
    return endpoints;
  }

  private RateLimits rates() {
    return shared(
        () -> new RateLimits(config.rates().rules(), InstantSource.system(), System::nanoTime),
        RateLimits.class);
  }

  private FailedAttempts attempts() {
    var rates = config.rates();
    return shared(
        () -> new FailedAttempts(node.bus(), rates.failures(), rates.block(), System::nanoTime),
        FailedAttempts.class);
  }

  /** Connections spread over the instances, so that none of them alone could count. */
  private <T extends Shareable> T shared(Supplier<T> made, Class<T> type) {
    return vertx
        .sharedData()
        .<String, T>getLocalMap(type.getName())
        .computeIfAbsent(type.getName(), absent -> made.get());
  }

  /** Its routes; none before it listens. */
  List<Endpoints.Route> routes() {
    return endpoints == null ? List.of() : endpoints.routes();
  }

  /** The port that it listens on; 0 before it does. */
  public int port() {
    return server == null ? 0 : server.actualPort();
  }

  @Override
  public Future<?> stop() {
    var unregistered = live == null ? Future.succeededFuture() : live.close();
    if (streams != null) {
      streams.stop();
    }
    var closed =
        server == null
            ? Future.succeededFuture()
            : server.shutdown(STOP_MILLIS, TimeUnit.MILLISECONDS);
    server = null;
    var told = refusals == null ? Future.succeededFuture() : refusals.stop();
    var counted = closed.transform(_ -> usage == null ? Future.succeededFuture() : usage.close());
    return Future.join(unregistered, counted, told);
  }
}
