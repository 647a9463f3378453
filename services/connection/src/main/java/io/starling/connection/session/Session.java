package io.starling.connection.session;

import io.starling.connection.command.DeviceCommands;
import io.starling.connection.credential.Client;
import io.starling.connection.delivery.Outbox;
import io.starling.connection.environment.DeviceEnvironment;
import io.starling.connection.ledger.DeviceLedgers;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Connect;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Packets;
import io.starling.connection.mqtt.Requested;
import io.starling.connection.publish.PublishFlow;
import io.starling.connection.publish.Wills;
import io.starling.connection.status.StatusEvents;
import io.starling.connection.wire.Packet;
import io.starling.contract.SessionsReply;
import io.starling.contract.SessionsRequest.WillFate;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connected client. Belongs to its gateway's event loop. */
public final class Session implements Packets {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final PublishFlow.Limits LIMITS_V3 = new PublishFlow.Limits(1_000, 1 << 20);

  private final Gateway gateway;
  private final Client client;
  private final String key;
  private final Consumer<Session> ended;

  // for the session
  private long epoch;
  private final PublishFlow flow;
  private final SubscribeFlow subscriptions;

  // for this connection
  private final Link link;
  private final String address;
  private final int keepAliveSeconds;
  private final Outbox outbox;
  private final Inbox inbox;
  private final long silenceLimitMillis;
  private final @Nullable String willTopic;
  private final long sinceNanos = System.nanoTime();
  private @Nullable DeviceCommands commands;
  private @Nullable DeviceLedgers ledgers;
  private @Nullable DeviceEnvironment environment;
  private long lastHeardMillis;
  private boolean over;
  private Ending ending = new Ending.Lost();

  // for the soft map of sessions
  private long announcedMillis;
  private long untoldMillis;
  private Future<Void> announced = Future.succeededFuture();

  /**
   * A session of an admitted client, not yet serving its link.
   *
   * @param keepSeconds how long it is kept after its connection; negative: its end is that of the
   *     connection, and nothing of it was ever kept
   * @param silenceLimitMillis how long it may be silent, 0 if the wire looks after that
   * @param ended told once when the session is over
   */
  Session(
      Gateway gateway,
      Client client,
      long epoch,
      Connect connect,
      Link link,
      long keepSeconds,
      long silenceLimitMillis,
      Consumer<Session> ended) {
    this.gateway = gateway;
    this.client = client;
    this.key = client.key();
    this.epoch = epoch;
    this.link = link;
    this.address = connect.address();
    this.keepAliveSeconds =
        silenceLimitMillis > 0 ? (int) (silenceLimitMillis / 1_500) : connect.keepAliveSeconds();
    this.silenceLimitMillis = silenceLimitMillis;
    this.ended = ended;
    this.willTopic = Wills.topic(connect.will());
    this.lastHeardMillis = gateway.clock().millis();
    this.announcedMillis = lastHeardMillis;
    var author = Authors.of(client, gateway);
    var limits =
        link.isV5() ? new PublishFlow.Limits(gateway.receiveMaximum(), Long.MAX_VALUE) : LIMITS_V3;
    this.outbox =
        new Outbox(
            link,
            connect.receiveMaximum(),
            connect.maximumPacketSize(),
            gateway.clock(),
            gateway.deliveryMeters(),
            this::end);
    this.flow = new PublishFlow(link, gateway.intake(), limits, author, epoch, this::end);
    this.subscriptions =
        new SubscribeFlow(
            gateway, client, author.id(), epoch, link, outbox, flow, keepSeconds, this::end);
    this.inbox =
        new Inbox(
            client,
            flow,
            outbox,
            this::commands,
            this::ledgers,
            this::environment,
            gateway.claims(),
            this::end);
  }

  /** Goes on with what was kept; once, after CONNACK and before anything that the client sends. */
  void resume(SessionsReply.Attached attached) {
    if (over) {
      subscriptions.abandon(attached);
    } else {
      subscriptions.resume(attached);
    }
  }

  @Override
  public String clientName() {
    return key;
  }

  @Override
  public void publish(Packet.Publish publish) {
    inbox.publish(publish, heard());
  }

  @Override
  public void acknowledged(int packetId) {
    var _ = heard();
    outbox.acknowledged(packetId);
  }

  @Override
  public void received(int packetId, int reasonCode) {
    var _ = heard();
    outbox.received(packetId, reasonCode);
  }

  @Override
  public void released(int packetId) {
    var _ = heard();
    flow.released(packetId);
  }

  @Override
  public void completed(int packetId) {
    var _ = heard();
    outbox.completed(packetId);
  }

  @Override
  public void subscribe(int packetId, List<Requested> filters) {
    var _ = heard();
    subscriptions.subscribe(packetId, filters);
  }

  @Override
  public void unsubscribe(int packetId, List<String> filters) {
    var _ = heard();
    subscriptions.unsubscribe(packetId, filters);
  }

  @Override
  public void ping() {
    var _ = heard();
  }

  private long heard() {
    lastHeardMillis = gateway.clock().millis();
    return lastHeardMillis;
  }

  @Override
  public void violated(CloseReason reason) {
    end(reason);
  }

  @Override
  public void disconnected(int reasonCode, long expirySeconds) {
    if (expirySeconds != SAME_EXPIRY) {
      subscriptions.keepFor(expirySeconds);
    }
    closed(new Ending.Disconnected(reasonCode));
  }

  @Override
  public void lost() {
    closed(new Ending.Lost());
  }

  private void closed(Ending how) {
    if (!over) {
      gateway.sessionMeters().closed(how instanceof Ending.Disconnected);
      finish(how);
    }
  }

  /** Ends the session from this side. */
  void end(CloseReason reason) {
    end(reason, null);
  }

  private void end(CloseReason reason, @Nullable String serverReference) {
    if (!over) {
      gateway.sessionMeters().ended(reason);
      finish(new Ending.Closed(reason));
      link.close(reason, serverReference);
    }
  }

  /** Ends the session because this gateway ends. */
  void sendAway(@Nullable String serverReference) {
    end(
        serverReference == null ? CloseReason.SERVER_SHUTTING_DOWN : CloseReason.USE_ANOTHER_SERVER,
        serverReference);
  }

  /**
   * Tells whether nothing is open between the client and the cloud. Once the client owes no answer
   * no more is taken from it, so that this comes about.
   */
  boolean mayLeave() {
    if (commands != null && commands.isOpen()) {
      return false;
    }
    link.pause();
    return flow.isIdle();
  }

  private void finish(Ending how) {
    LOG.debug("The connection of {} is over: {}", client, how);
    over = true;
    ending = how;
    flow.close();
    // What the client may no longer say, its will may not say for it.
    boolean willCounts = willTopic != null && flow.author().mayPublish(willTopic);
    subscriptions.close(willCounts ? how.will() : WillFate.NONE);
    outbox.close();
    if (commands != null) {
      commands.close();
    }
    if (ledgers != null) {
      ledgers.close();
    }
    if (environment != null) {
      environment.close();
    }
    ended.accept(this);
  }

  /** Tells the account of a device that it is here. */
  void tellOnline(String protocol, boolean resumed) {
    if (client instanceof Client.OfDevice) {
      var arrival =
          new StatusEvents.Arrival(address, protocol, link.transport(), keepAliveSeconds, resumed);
      var _ = gateway.statuses().online(Authors.of(client, gateway), epoch, arrival);
    }
  }

  /**
   * Tells the account of a device that it is gone, and why, unless it is here again; completes when
   * that is known.
   */
  Future<Void> tellOffline() {
    boolean again =
        ending instanceof Ending.Closed(var reason) && reason == CloseReason.SESSION_TAKEN_OVER;
    if (again || !(client instanceof Client.OfDevice)) {
      return Future.succeededFuture();
    }
    var departure =
        new StatusEvents.Departure(
            address,
            ending.why(),
            ending.code(),
            TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos));
    return gateway.statuses().offline(Authors.of(client, gateway), epoch, departure);
  }

  /**
   * Another look at what the directory says: false if the client would not be let in any more, or
   * not with what it has subscribed to.
   */
  boolean check() {
    if (!gateway.credentials().stillGood(client)) {
      return false;
    }
    flow.authorChanged(Authors.of(client, gateway));
    return subscriptions.isAllowed();
  }

  /** Takes a higher epoch, because the map of sessions knows one that is ahead of this clock. */
  void raiseEpoch(long higher) {
    epoch = higher;
    flow.epochChanged(higher);
    subscriptions.epochChanged(higher);
  }

  /** Tells whether it has been silent for too long. */
  boolean isSilent(long now) {
    return silenceLimitMillis > 0 && now - lastHeardMillis > silenceLimitMillis;
  }

  /** Tells whether the journal leaves it waiting for too long. */
  boolean isStuck() {
    return flow.isStuck(gateway.commitTimeout().toNanos());
  }

  /** The requests of the cloud to this device. */
  DeviceCommands commands() {
    if (commands == null) {
      commands =
          new DeviceCommands(
              gateway.vertx(), outbox::send, gateway.requestIds(), gateway.commandMeters());
    }
    return commands;
  }

  /** The ledgers of this device. */
  private DeviceLedgers ledgers() {
    if (ledgers == null) {
      if (!(client instanceof Client.OfDevice device)) {
        throw new IllegalStateException("only devices have ledgers");
      }
      ledgers = new DeviceLedgers(gateway.ledgers(), device.account(), device.id(), outbox::send);
    }
    return ledgers;
  }

  /** The environment variables of this device. */
  private DeviceEnvironment environment() {
    if (environment == null) {
      if (!(client instanceof Client.OfDevice device)) {
        throw new IllegalStateException("only devices have environment variables");
      }
      environment =
          new DeviceEnvironment(
              gateway.environments(), device.account(), device.id(), outbox::send);
    }
    return environment;
  }

  /** Queues something behind what was announced of this session before. */
  <T> Future<T> announce(Supplier<Future<T>> next) {
    announcedMillis = lastHeardMillis;
    untoldMillis = 0;
    var told = announced.transform(_ -> next.get());
    announced = told.mapEmpty();
    return told;
  }

  /** The map could not be told. */
  void untold() {
    untoldMillis = gateway.clock().millis();
  }

  /** Tells whether the map could not be told, so long ago. */
  boolean isUntoldFor(long millis, long now) {
    return untoldMillis != 0 && now - untoldMillis >= millis;
  }

  long announcedMillis() {
    return announcedMillis;
  }

  Client client() {
    return client;
  }

  String key() {
    return key;
  }

  long epoch() {
    return epoch;
  }

  int keepAliveSeconds() {
    return keepAliveSeconds;
  }

  String address() {
    return address;
  }

  long lastHeardMillis() {
    return lastHeardMillis;
  }

  boolean isOver() {
    return over;
  }

  boolean hasWill() {
    return willTopic != null;
  }
}
