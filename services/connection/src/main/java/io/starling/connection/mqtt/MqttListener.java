package io.starling.connection.mqtt;

import io.starling.connection.guard.AddressRange;
import io.starling.connection.guard.Guard;
import io.starling.connection.tls.Certificates;
import io.starling.connection.trace.Tap;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for MQTT on TCP and on WebSocket ({@code /mqtt}), each also over TLS if there are
 * certificates, and hands each CONNECT over, to be answered or held before the hand-over returns.
 * Several listeners of one Vert.x share the ports. Belongs to the context that opened it.
 */
public final class MqttListener {
  private static final Logger LOG = LoggerFactory.getLogger(MqttListener.class);
  private static final int ACCEPT_BACKLOG = 4096;
  private static final long LINGER_MILLIS = 250;
  private static final String WORKERS = "starling-tls";

  private final Map<Port, NetServer> servers;
  private final Connections connections;
  private final @Nullable WorkerExecutor workers;

  private MqttListener(
      Map<Port, NetServer> servers, Connections connections, @Nullable WorkerExecutor workers) {
    this.servers = servers;
    this.connections = connections;
    this.workers = workers;
  }

  /**
   * Where and how to listen.
   *
   * @param tlsPort used if there are certificates
   * @param webSocketTlsPort used if there are certificates
   * @param maxPacketBytes larger packets are refused
   * @param connectTimeoutSeconds how long a connection may take to its CONNECT, all in all
   * @param receiveMaximum how many unacknowledged messages an MQTT 5 client may send
   * @param topicAliasMaximum how many topics it may replace by numbers
   * @param proxies from whom alone connections are taken, each with a PROXY header; from everybody,
   *     and without one, if there are none
   * @param origins the web pages from which browsers may come, in lower case; any if there are none
   */
  public record Options(
      String host,
      int port,
      int webSocketPort,
      int tlsPort,
      int webSocketTlsPort,
      int maxPacketBytes,
      int connectTimeoutSeconds,
      int receiveMaximum,
      int topicAliasMaximum,
      List<AddressRange> proxies,
      Set<String> origins) {
    private int of(Port port) {
      if (port.tls()) {
        return port.webSocket() ? webSocketTlsPort : tlsPort;
      }
      return port.webSocket() ? webSocketPort : this.port;
    }
  }

  /**
   * Opens the ports, on the caller's context.
   *
   * @param certificates null for none: no port with TLS is opened
   */
  public static Future<MqttListener> listen(
      Vertx vertx,
      Options options,
      Guard guard,
      @Nullable Certificates certificates,
      WireMeters meters,
      Tap tap,
      BiConsumer<Connect, Link> door) {
    var context = (ContextInternal) vertx.getOrCreateContext();
    var workers =
        certificates == null
            ? null
            : vertx.createSharedWorkerExecutor(WORKERS, Runtime.getRuntime().availableProcessors());
    var tls = certificates == null || workers == null ? null : new Tls(certificates, workers);
    var connections = new Connections(context, options, guard, tls, meters, tap, door);
    var listener = new MqttListener(new LinkedHashMap<>(), connections, workers);
    var ports = new ArrayList<>(List.of(new Port(false, false), new Port(true, false)));
    if (tls != null) {
      ports.addAll(List.of(new Port(false, true), new Port(true, true)));
    }
    Future<Void> opened = Future.succeededFuture();
    for (var port : ports) {
      opened = opened.compose(_ -> listener.open(vertx, port, options));
    }
    return opened
        .map(_ -> listener)
        .onFailure(_ -> listener.close().onFailure(cause -> LOG.debug("A port stays", cause)));
  }

  private Future<Void> open(Vertx vertx, Port port, Options options) {
    return vertx
        .createNetServer(
            new NetServerOptions()
                .setHost(options.host())
                .setPort(options.of(port))
                .setAcceptBacklog(ACCEPT_BACKLOG))
        .connectHandler(
            socket -> connections.open(((NetSocketInternal) socket).channelHandlerContext(), port))
        .listen()
        .onSuccess(server -> servers.put(port, server))
        .mapEmpty();
  }

  private int actual(Port port) {
    var server = servers.get(port);
    return server == null ? 0 : server.actualPort();
  }

  /** The MQTT port that is open. */
  public int port() {
    return actual(new Port(false, false));
  }

  /** The WebSocket port that is open. */
  public int webSocketPort() {
    return actual(new Port(true, false));
  }

  /** The port for MQTT over TLS that is open, 0 if none is. */
  public int tlsPort() {
    return actual(new Port(false, true));
  }

  /** The port for MQTT over secure WebSocket that is open, 0 if none is. */
  public int webSocketTlsPort() {
    return actual(new Port(true, true));
  }

  /** Closes the ports, and the connections as soon as the last packets have reached the clients. */
  public Future<Void> close() {
    connections.close();
    return Future.join(
            servers.values().stream()
                .map(server -> server.shutdown(LINGER_MILLIS, TimeUnit.MILLISECONDS))
                .toList())
        .transform(_ -> workers == null ? Future.succeededFuture() : workers.close());
  }
}
