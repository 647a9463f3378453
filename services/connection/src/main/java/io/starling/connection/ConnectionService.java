package io.starling.connection;

import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.bus.TokenUses;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.interest.JournalReader;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.bootstrap.interest.SharedFeed;
import io.starling.bootstrap.usage.UsageCounter;
import io.starling.connection.admission.Admission;
import io.starling.connection.admission.AdmissionMeters;
import io.starling.connection.authority.ClientTrust;
import io.starling.connection.command.Claims;
import io.starling.connection.command.CommandMeters;
import io.starling.connection.command.RequestIds;
import io.starling.connection.credential.Credentials;
import io.starling.connection.credential.Registrations;
import io.starling.connection.delivery.DeliveryMeters;
import io.starling.connection.delivery.Subscriptions;
import io.starling.connection.environment.Environments;
import io.starling.connection.guard.Guard;
import io.starling.connection.ledger.Ledgers;
import io.starling.connection.mqtt.MqttListener;
import io.starling.connection.mqtt.WireMeters;
import io.starling.connection.persistent.Notes;
import io.starling.connection.persistent.StoredSessions;
import io.starling.connection.publish.EventIntake;
import io.starling.connection.publish.PublishMeters;
import io.starling.connection.publish.Quotas;
import io.starling.connection.retained.RetainedReader;
import io.starling.connection.session.Door;
import io.starling.connection.session.Drained;
import io.starling.connection.session.Gateway;
import io.starling.connection.session.GatewayRequests;
import io.starling.connection.session.SessionMeters;
import io.starling.connection.session.SessionTable;
import io.starling.connection.status.StatusEvents;
import io.starling.connection.status.StatusMeters;
import io.starling.connection.tls.Certificates;
import io.starling.connection.trace.Tap;
import io.starling.connection.trace.Traces;
import io.starling.contract.DeviceId;
import io.starling.contract.GatewayHint;
import io.starling.contract.GatewayRequest;
import io.starling.directory.Directory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One gateway: its own event loop, its own sessions, its own bus addresses. Several instances share
 * the ports. A start that succeeds listens; a stop tells MQTT 5 clients 0x8B and takes at most two
 * seconds.
 */
public final class ConnectionService extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionService.class);
  private static final long PRESENT_EVERY_MILLIS = 1_000;
  private static final long SWEEP_MILLIS = 2_000;
  private static final long SHARED_MILLIS = 1_000;
  private static final long STOP_LIMIT_MILLIS = 1_500;
  private static final long GIVE_BACK_LIMIT_MILLIS = 500;

  private final Node node;
  private final Directory directory;
  private final ConnectionConfig config;
  private final int instance;
  private final ClientTrust trust;
  private final Traces traces;
  private final List<Bus.Registration> registrations = new ArrayList<>();
  private @Nullable UsageCounter usage;
  private @Nullable LiveFeed feed;
  private @Nullable SharedFeed shared;
  private @Nullable Certificates certificates;
  private volatile @Nullable Door door;
  private volatile @Nullable MqttListener listener;

  /**
   * A gateway that is not started yet.
   *
   * @param instance its number in this process, from 0; part of its name
   * @param traces of the node, which operators switch on
   */
  public ConnectionService(
      Node node, Directory directory, ConnectionConfig config, int instance, Traces traces) {
    this.node = node;
    this.directory = directory;
    this.config = config;
    this.instance = instance;
    this.trust = new ClientTrust(directory, InstantSource.system());
    this.traces = traces;
  }

  /** The gateway's name, as it stands in its bus addresses and in the map of sessions. */
  public String gatewayName() {
    return node.name() + "-" + instance;
  }

  /** The MQTT port that is open, once deployed. */
  public int mqttPort() {
    return listener == null ? config.mqttPort() : listener.port();
  }

  /** The WebSocket port that is open, once deployed. */
  public int webSocketPort() {
    return listener == null ? config.webSocketPort() : listener.webSocketPort();
  }

  /** The port for MQTT over TLS that is open; 0 if none is. */
  public int mqttTlsPort() {
    return listener == null ? 0 : listener.tlsPort();
  }

  /** The port for secure WebSocket that is open; 0 if none is. */
  public int webSocketTlsPort() {
    return listener == null ? 0 : listener.webSocketTlsPort();
  }

  @Override
  public Future<?> start() {
    var clock = InstantSource.system();
    var subscriptions = new Subscriptions();
    var counter = UsageCounter.telling(vertx, node, clock);
    usage = counter;
    var sessions = SessionTable.of(node, gatewayName(), directory, counter, clock);
    var quotas = Quotas.of(node, config.publish());
    var gateway = gateway(clock, subscriptions, sessions, quotas);
    sessions.tell(
        changes -> {
          gateway.ledgers().changed(changes);
          gateway.environments().changed(changes);
        });
    var requests = new GatewayRequests(sessions);
    var admission =
        Admission.open(
            vertx, config.admission(), new AdmissionMeters(node.meters(), gatewayName()));
    var guard = Guard.of(config.guard(), node.meters(), gatewayName());
    var opened =
        new Door(
            gateway,
            admission,
            guard,
            sessions,
            node.clock(),
            new Registrations(node.bus(), node.meters()),
            config.serverReference().orElse(null));
    door = opened;
    vertx.setPeriodic(
        PRESENT_EVERY_MILLIS,
        _ -> node.bus().publish(new GatewayHint.Present(gatewayName(), node.clock().next())));
    vertx.setPeriodic(
        SWEEP_MILLIS,
        _ -> {
          sessions.sweep(gateway);
          gateway.ledgers().sweep();
          gateway.environments().sweep();
          quotas.forgetIdle(System.nanoTime());
        });
    vertx.setPeriodic(SHARED_MILLIS, _ -> subscriptions.groups().sweep());
    node.health()
        .register(
            "connection-" + instance,
            () -> health(opened, sessions, gateway.notes().size(), admission, quotas));
    return node.bus()
        .listen(
            GatewayHint.ADDRESS,
            GatewayHint.Present.class,
            hint -> node.clock().observe(hint.epoch()))
        .onSuccess(registrations::add)
        .compose(
            _ ->
                node.bus()
                    .serve("gateway." + gatewayName(), GatewayRequest.class, requests::answer))
        .onSuccess(registrations::add)
        .compose(
            _ ->
                LiveFeed.open(
                    vertx,
                    node.bus(),
                    node.leaders(),
                    node.shards(),
                    gatewayName(),
                    subscriptions::deliver))
        .onSuccess(
            relays -> {
              feed = relays;
              subscriptions.feedFrom(relays);
            })
        .compose(_ -> shared(gateway))
        .compose(_ -> certificates())
        .compose(
            tls ->
                MqttListener.listen(
                    vertx,
                    config.listenerOptions(),
                    guard,
                    tls,
                    new WireMeters(node.meters(), gatewayName()),
                    new Tap(traces, gatewayName()),
                    opened::answer))
        .onSuccess(this::listening);
  }

  private Gateway gateway(
      InstantSource clock, Subscriptions subscriptions, SessionTable sessions, Quotas quotas) {
    var appender =
        new EventAppender(vertx, node.bus(), node.leaders(), node.shards(), config.commitTimeout());
    var life = DeviceId.create();
    var intake =
        new EventIntake(vertx, appender, quotas, node.shards(), new PublishMeters(node.meters()));
    var statuses =
        new StatusEvents(
            intake, gatewayName(), clock, new StatusMeters(node.meters()), config.statusEvents());
    var stored = new StoredSessions(vertx, node.bus(), node.leaders(), gatewayName() + "/" + life);
    return new Gateway(
        gatewayName(),
        life,
        vertx,
        clock,
        node.shards(),
        config.receiveMaximum(),
        config.maxKeepAlive(),
        config.commitTimeout(),
        directory,
        new Credentials(directory, clock, trust, TokenUses.telling(vertx, node.bus(), clock)),
        intake,
        subscriptions,
        new JournalReader(node.bus(), node.leaders()),
        new RetainedReader(vertx, node.bus(), node.leaders()),
        stored,
        Notes.start(vertx, stored, () -> subscriptions.positions(node.shards())),
        config.maxSessionExpiry(),
        statuses,
        new RequestIds(),
        new Claims(node.bus()),
        new Ledgers(directory),
        new Environments(directory),
        new SessionMeters(node.meters(), gatewayName(), sessions::size),
        new DeliveryMeters(node.meters()),
        new CommandMeters(node.meters()));
  }

  /** Under the name of this life: what was given to the one before died with it. */
  private Future<SharedFeed> shared(Gateway gateway) {
    var groups = gateway.subscriptions().groups();
    return SharedFeed.open(
            vertx, node.bus(), node.leaders(), gatewayName() + "/" + gateway.id(), groups::take)
        .onSuccess(
            opened -> {
              shared = opened;
              groups.feedFrom(opened);
            });
  }

  /** Relays that do not answer find out by themselves. */
  private static Future<Void> giveBack(SharedFeed all) {
    return all.close().timeout(GIVE_BACK_LIMIT_MILLIS, TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private Future<@Nullable Certificates> certificates() {
    var tls = config.listen().tls();
    return tls.isOn()
        ? Certificates.watch(vertx, tls, trust, node.meters())
            .onSuccess(read -> certificates = read)
            .map(read -> read)
        : Future.succeededFuture();
  }

  private void listening(MqttListener opened) {
    listener = opened;
    LOG.info(
        "Gateway {} listens for MQTT on port {} and on WebSocket port {}; {}",
        gatewayName(),
        opened.port(),
        opened.webSocketPort(),
        certificates == null
            ? "not for TLS, since no certificate is set (STARLING_TLS_CERTIFICATE)"
            : "for TLS on port " + opened.tlsPort() + " and " + opened.webSocketTlsPort());
  }

  private Health.Part health(
      Door opened, SessionTable sessions, int kept, Admission admission, Quotas quotas) {
    var open = listener;
    var draining = opened.draining();
    var part =
        open == null
            ? Health.Part.down("does not listen")
            : draining
                .map(ConnectionService::progress)
                .orElseGet(
                    () ->
                        Health.Part.up(
                            "listens on " + open.port() + " and " + open.webSocketPort()));
    var figures = new HashMap<String, Number>();
    figures.put("sessions", sessions.size());
    figures.put("kept_sessions", kept);
    figures.put("waiting_connects", admission.waiting());
    figures.put("connects_per_second", Math.round(admission.perSecond()));
    figures.put("journal_waiting_bytes", quotas.waitingBytes());
    draining.ifPresent(now -> figures.put("draining", now.left()));
    return part.with(figures);
  }

  /** Down, so that whoever balances the load sends nobody here. */
  private static Health.Part progress(Drained now) {
    return Health.Part.down(
        String.format(Locale.ROOT, "draining: %,d of %,d left", now.left(), now.clients()));
  }

  /**
   * Lets nobody in any more, and sends the clients away, spread evenly over a time, each once what
   * it published is acknowledged or a second has passed. The gateway goes on listening, to tell
   * MQTT 5 clients where to go. May be called from any thread, and again; {@link #stop} does the
   * rest.
   *
   * @param over at least a few seconds, so that the clients come to other nodes one by one
   * @return completes when all are gone, or when the time is over; at once if it does not run
   */
  public Future<Drained> drain(Duration over) {
    return drain(over, null);
  }

  /**
   * The same.
   *
   * @param server where MQTT 5 clients are told to go (section 4.11), null: what the settings say
   */
  public Future<Drained> drain(Duration over, @Nullable String server) {
    var opened = door;
    if (opened == null) {
      return Future.succeededFuture(new Drained(0, 0));
    }
    Promise<Drained> done = Promise.promise();
    context.runOnContext(_ -> opened.drain(over, server).onComplete(done));
    return done.future();
  }

  @Override
  public Future<?> stop() {
    var open = listener;
    var opened = door;
    listener = null;
    door = null;
    Future<Void> ended = opened == null ? Future.succeededFuture() : opened.close();
    return ended
        .timeout(STOP_LIMIT_MILLIS, TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .compose(_ -> open == null ? Future.succeededFuture() : open.close())
        .onSuccess(_ -> Optional.ofNullable(certificates).ifPresent(tls -> tls.close(vertx)))
        .compose(_ -> feed == null ? Future.succeededFuture() : feed.close())
        .compose(_ -> shared == null ? Future.succeededFuture() : giveBack(shared))
        .compose(_ -> usage == null ? Future.succeededFuture() : usage.close())
        .compose(_ -> Future.join(registrations.stream().map(Bus.Registration::end).toList()));
  }
}
