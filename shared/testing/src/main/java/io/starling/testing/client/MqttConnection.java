package io.starling.testing.client;

import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Connect;
import io.starling.testing.wire.FrameParser;
import io.starling.testing.wire.MalformedPacket;
import io.starling.testing.wire.Properties;
import io.starling.testing.wire.ReasonCode;
import io.starling.testing.wire.ServerPacket;
import io.starling.testing.wire.ServerPacket.ConnAck;
import io.starling.testing.wire.ServerPacket.Disconnect;
import io.starling.testing.wire.ServerPacket.PingResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;

/**
 * One TCP connection from CONNECT to its end. Keeps it alive and notices a server that no longer
 * answers. For the event loop on which it was opened.
 */
final class MqttConnection {
  private static final int MAX_FRAME_BYTES = 16 << 20;

  /** Who uses the connection. */
  interface Owner {
    /** A packet after CONNACK. */
    void received(ServerPacket packet);

    /** The end, once, after CONNACK: also when this side asked for it. */
    void closed(String cause, int reasonCode);
  }

  private final Vertx vertx;
  private final NetSocket socket;
  private final DeviceOptions options;
  private final ClientPackets packets;
  private final Owner owner;
  private final FrameParser parser = new FrameParser(MAX_FRAME_BYTES, this::frame);
  private final Promise<ConnAck> connAck = Promise.promise();
  private final Promise<Void> gone = Promise.promise();
  private long keepAliveTimer = -1;
  private long lastWrite = System.nanoTime();
  private long pingSent;
  private boolean pinging;
  private boolean open;
  private String cause = "connection closed by the server";
  private int reasonCode;

  private MqttConnection(
      Vertx vertx, NetSocket socket, DeviceOptions options, ClientPackets packets, Owner owner) {
    this.vertx = vertx;
    this.socket = socket;
    this.options = options;
    this.packets = packets;
    this.owner = owner;
  }

  /** A connection whose CONNACK said yes, and that CONNACK. */
  record Opened(MqttConnection connection, ConnAck connAck) {}

  /** Connects; fails with {@link ConnectRefused} or with what the network says. */
  static Future<Opened> open(
      Vertx vertx, NetClient client, DeviceOptions options, ClientPackets packets, Owner owner) {
    var target = options.target();
    var to =
        new ConnectOptions()
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.tls())
            .setTimeout((int) options.session().connectTimeout().toMillis());
    return client
        .connect(to)
        .compose(socket -> new MqttConnection(vertx, socket, options, packets, owner).handshake());
  }

  private Future<Opened> handshake() {
    socket.handler(this::bytes);
    socket.exceptionHandler(failure -> cause = String.valueOf(failure.getMessage()));
    socket.closeHandler(_ -> ended());
    var session = options.session();
    var properties = session.properties();
    if (session.expirySeconds() > 0) {
      properties = properties.with(Properties.SESSION_EXPIRY, (long) session.expirySeconds());
    }
    var connect =
        new Connect(
            session.clientId(),
            session.cleanStart(),
            session.keepAliveSeconds(),
            options.credentials().id(),
            options.credentials().secret(),
            options.will(),
            properties);
    send(packets.connect(connect));
    return connAck
        .future()
        .timeout(session.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .map(this::opened)
        .onFailure(_ -> socket.close());
  }

  private Opened opened(ConnAck answer) {
    if (answer.reasonCode() != 0) {
      throw new ConnectRefused(answer.reasonCode());
    }
    open = true;
    var keepAlive =
        answer
            .properties()
            .number(Properties.SERVER_KEEP_ALIVE)
            .orElse(options.session().keepAliveSeconds());
    if (keepAlive > 0) {
      keepAliveTimer = vertx.setPeriodic(keepAlive * 500, _ -> keepAlive(keepAlive * 500));
    }
    return new Opened(this, answer);
  }

  Future<Void> write(Buffer bytes) {
    lastWrite = System.nanoTime();
    return socket.write(bytes);
  }

  /** Writes; a failure shows as the end of the connection. */
  void send(Buffer bytes) {
    lastWrite = System.nanoTime();
    socket.write(bytes);
  }

  /** Says DISCONNECT and closes: the will is not published. */
  Future<Void> disconnect() {
    cause = "disconnected by this device";
    write(packets.disconnect()).timeout(1, TimeUnit.SECONDS).onComplete(_ -> socket.close());
    return gone.future();
  }

  /** Closes without DISCONNECT, as when a device loses its power. */
  Future<Void> cut() {
    abandon("cut by this device");
    return gone.future();
  }

  /** Closes without DISCONNECT because the server does not do its part. */
  void abandon(String why) {
    cause = why;
    socket.close();
  }

  private void keepAlive(long halfMillis) {
    var now = System.nanoTime();
    if (pinging && now - pingSent > TimeUnit.MILLISECONDS.toNanos(2 * halfMillis - 100)) {
      abandon("server does not answer PINGREQ");
    } else if (!pinging && now - lastWrite >= TimeUnit.MILLISECONDS.toNanos(halfMillis - 100)) {
      pinging = true;
      pingSent = now;
      send(packets.pingRequest());
    }
  }

  private void bytes(Buffer chunk) {
    try {
      parser.feed(chunk);
    } catch (MalformedPacket e) {
      abandon("server sent a malformed packet: " + e.getMessage());
    }
  }

  private void frame(int firstByte, Buffer bytes, int start, int length) {
    var packet = ServerPacket.decode(packets.version(), firstByte, bytes, start, length);
    switch (packet) {
      case ConnAck answer -> {
        if (!connAck.tryComplete(answer)) {
          throw new MalformedPacket("a second CONNACK");
        }
      }
      case PingResponse() -> pinging = false;
      case Disconnect end -> {
        reasonCode = end.reasonCode();
        cause =
            "server said DISCONNECT: "
                + ReasonCode.describe(reasonCode)
                + end.properties()
                    .text(Properties.REASON_STRING)
                    .map(text -> " (" + text + ")")
                    .orElse("");
        socket.close();
      }
      default -> owner.received(packet);
    }
  }

  private void ended() {
    if (keepAliveTimer >= 0) {
      vertx.cancelTimer(keepAliveTimer);
    }
    connAck.tryFail(cause + " before CONNACK");
    if (open) {
      open = false;
      owner.closed(cause, reasonCode);
    }
    gone.complete();
  }
}
