package io.starling.connection.mqtt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Listens for MQTT on TCP and on WebSocket ({@code /mqtt}), and hands each CONNECT over, to be
 * answered or held before the hand-over returns. Several listeners of one Vert.x share the ports.
 * Belongs to the context that opened it.
 */
public final class MqttListener {
  private static final int ACCEPT_BACKLOG = 4096;
  private static final long LINGER_MILLIS = 250;
  private static final String PATH = "/mqtt";
  private static final int NOT_FOUND = 404;

  /** {@code mqttv3.1} is what old browser clients ask for. */
  private static final List<String> SUBPROTOCOLS = List.of("mqtt", "mqttv3.1");

  private final NetServer tcp;
  private final HttpServer webSocket;
  private final Connections connections;

  private MqttListener(NetServer tcp, HttpServer webSocket, Connections connections) {
    this.tcp = tcp;
    this.webSocket = webSocket;
    this.connections = connections;
  }

  /**
   * Where and how to listen.
   *
   * @param maxPacketBytes larger packets are refused
   * @param connectTimeoutSeconds how long a connection may stay silent before CONNECT
   * @param receiveMaximum how many unacknowledged messages an MQTT 5 client may send
   * @param topicAliasMaximum how many topics it may replace by numbers
   */
  public record Options(
      String host,
      int port,
      int webSocketPort,
      int maxPacketBytes,
      int connectTimeoutSeconds,
      int receiveMaximum,
      int topicAliasMaximum) {}

  /** Opens both ports, on the caller's context. */
  public static Future<MqttListener> listen(
      Vertx vertx, Options options, BiConsumer<Connect, Link> door) {
    var context = (ContextInternal) vertx.getOrCreateContext();
    var connections = new Connections(context, options, door);
    var tcp =
        vertx
            .createNetServer(
                new NetServerOptions()
                    .setHost(options.host())
                    .setPort(options.port())
                    .setAcceptBacklog(ACCEPT_BACKLOG))
            .connectHandler(
                socket ->
                    connections.open(((NetSocketInternal) socket).channelHandlerContext(), false));
    var webSocket =
        vertx
            .createHttpServer(webSocketOptions(options))
            .webSocketHandshakeHandler(MqttListener::shakeHands)
            .webSocketHandler(
                socket ->
                    connections.open(((WebSocketInternal) socket).channelHandlerContext(), true));
    return tcp.listen()
        .compose(_ -> webSocket.listen().onFailure(_ -> tcp.close()))
        .onFailure(_ -> connections.close())
        .map(_ -> new MqttListener(tcp, webSocket, connections));
  }

  private static HttpServerOptions webSocketOptions(Options options) {
    return new HttpServerOptions()
        .setHost(options.host())
        .setPort(options.webSocketPort())
        .setAcceptBacklog(ACCEPT_BACKLOG)
        // Until a connection is a WebSocket.
        .setIdleTimeout(options.connectTimeoutSeconds())
        .setWebSocketSubProtocols(SUBPROTOCOLS)
        // Memory for each connection, for payloads that are small or compressed already.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setMaxWebSocketFrameSize(2 * options.maxPacketBytes());
  }

  private static void shakeHands(ServerWebSocketHandshake handshake) {
    var _ = PATH.equals(handshake.path()) ? handshake.accept() : handshake.reject(NOT_FOUND);
  }

  /** The MQTT port that is open. */
  public int port() {
    return tcp.actualPort();
  }

  /** The WebSocket port that is open. */
  public int webSocketPort() {
    return webSocket.actualPort();
  }

  /** Closes the ports, and the connections as soon as the last packets have reached the clients. */
  public Future<Void> close() {
    connections.close();
    return Future.join(
            tcp.shutdown(LINGER_MILLIS, TimeUnit.MILLISECONDS),
            webSocket.shutdown(LINGER_MILLIS, TimeUnit.MILLISECONDS))
        .mapEmpty();
  }
}
