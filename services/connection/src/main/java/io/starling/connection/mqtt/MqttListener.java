package io.starling.connection.mqtt;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for MQTT on TCP and on WebSocket ({@code /mqtt}), and hands each CONNECT over, to be
 * answered or held before the hand-over returns. Several listeners of one Vert.x share the ports.
 * Belongs to the context that opened it.
 */
public final class MqttListener {
  private static final Logger LOG = LoggerFactory.getLogger(MqttListener.class);
  private static final int ACCEPT_BACKLOG = 4096;
  private static final int MAX_CLIENT_ID_BYTES = 65_535;
  private static final String OURS = "io.starling.";

  private final MqttServer tcp;
  private final MqttServer webSocket;

  private MqttListener(MqttServer tcp, MqttServer webSocket) {
    this.tcp = tcp;
    this.webSocket = webSocket;
  }

  /**
   * Where and how to listen.
   *
   * @param maxPacketBytes larger packets are refused
   * @param connectTimeoutSeconds how long a connection may stay silent before CONNECT
   * @param receiveMaximum how many unacknowledged QoS 1 messages an MQTT 5 client may send
   */
  public record Options(
      String host,
      int port,
      int webSocketPort,
      int maxPacketBytes,
      int connectTimeoutSeconds,
      int receiveMaximum) {}

  /** Opens both ports, on the caller's context. */
  public static Future<MqttListener> listen(
      Vertx vertx, Options options, BiConsumer<Connect, Link> door) {
    vertx.getOrCreateContext().exceptionHandler(MqttListener::unhandled);
    var tcp = server(vertx, options, door, serverOptions(options).setPort(options.port()));
    var overHttp = serverOptions(options).setPort(options.webSocketPort()).setUseWebSocket(true);
    overHttp.setWebSocketMaxFrameSize(2 * options.maxPacketBytes());
    var webSocket = server(vertx, options, door, overHttp);
    return tcp.listen()
        .compose(
            _ ->
                webSocket
                    .listen()
                    .onFailure(_ -> tcp.close())
                    .map(new MqttListener(tcp, webSocket)));
  }

  private static MqttServerOptions serverOptions(Options options) {
    var server =
        new MqttServerOptions()
            .setHost(options.host())
            .setMaxMessageSize(options.maxPacketBytes())
            .setMaxClientIdLength(MAX_CLIENT_ID_BYTES)
            .setAutoClientId(false)
            .setTimeoutOnConnect(options.connectTimeoutSeconds());
    var _ = server.setAcceptBacklog(ACCEPT_BACKLOG);
    return server;
  }

  private static MqttServer server(
      Vertx vertx, Options options, BiConsumer<Connect, Link> door, MqttServerOptions server) {
    return MqttServer.create(vertx, server)
        .endpointHandler(endpoint -> VertxLink.open(endpoint, options, door))
        .exceptionHandler(cause -> LOG.debug("A CONNECT was refused: {}", cause.getMessage()));
  }

  /**
   * What vertx-mqtt throws by itself is about a packet: one with a reason code that does not exist,
   * or one that was still in the pipe when its connection was closed. A client must not be able to
   * fill the log with it.
   */
  private static void unhandled(Throwable cause) {
    boolean ours =
        Arrays.stream(cause.getStackTrace())
            .anyMatch(frame -> frame.getClassName().startsWith(OURS));
    if (ours) {
      LOG.error("Unhandled failure at the gateway", cause);
    } else {
      LOG.debug("A packet could not be handled: {}", cause.getMessage());
    }
  }

  /** The MQTT port that is open. */
  public int port() {
    return tcp.actualPort();
  }

  /** The WebSocket port that is open. */
  public int webSocketPort() {
    return webSocket.actualPort();
  }

  /** Closes the ports and whatever connection is still there. */
  public Future<Void> close() {
    return Future.join(tcp.close(), webSocket.close()).mapEmpty();
  }
}
