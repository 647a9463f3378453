package io.starling.testing.fault;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy on a free port of the loopback address that misbehaves on demand, for the connections
 * that stand and those to come. Thread-safe; what is asked for takes effect within a few
 * milliseconds. {@link #close} frees the port and cuts what is left.
 */
public final class FaultProxy {
  private final Vertx vertx;
  private final NetServer server;
  private final NetClient client;
  private final int targetPort;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();
  private final Valve upstream = new Valve();
  private final Valve downstream = new Valve();
  private volatile boolean refusing;

  private FaultProxy(Vertx vertx, int targetPort) {
    this.vertx = vertx;
    this.targetPort = targetPort;
    this.server =
        vertx.createNetServer(new NetServerOptions().setAcceptBacklog(4096).setTcpNoDelay(true));
    this.client =
        vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(5_000));
  }

  /** A proxy before a server on the loopback address. */
  public static Future<FaultProxy> open(Vertx vertx, int targetPort) {
    return open(vertx, "127.0.0.1", 0, targetPort);
  }

  /** One that listens at this address and port. */
  public static Future<FaultProxy> open(Vertx vertx, String host, int port, int targetPort) {
    var proxy = new FaultProxy(vertx, targetPort);
    return proxy.server.connectHandler(proxy::accept).listen(port, host).map(proxy);
  }

  public int port() {
    return server.actualPort();
  }

  /** Cuts every connection that stands; new ones are welcome. */
  public void cut() {
    List.copyOf(links).forEach(Link::close);
  }

  /** Lets nothing through in this direction until {@link #release}; connections stay open. */
  public void hold(Direction direction) {
    valve(direction).hold();
  }

  /** Lets nothing through in either direction, as when a cable is pulled. */
  public void hold() {
    upstream.hold();
    downstream.hold();
  }

  /** Ends holding, slowing and delaying in both directions: what was held arrives. */
  public void release() {
    upstream.release();
    downstream.release();
  }

  /** Lets at most this many bytes a second through in this direction, over all connections. */
  public void slow(Direction direction, int bytesPerSecond) {
    valve(direction).limit(bytesPerSecond);
  }

  /** Delays everything that goes in this direction by so much, in order. */
  public void delay(Direction direction, Duration by) {
    valve(direction).delay(by);
  }

  /**
   * Once: cuts the connection that carries the byte of this number in this direction, counted from
   * now over all connections; the bytes before it arrive.
   */
  public void cutAfter(Direction direction, long bytes) {
    valve(direction).cutAfter(bytes);
  }

  /** While true, new connections are closed at once. */
  public void refuse(boolean refuse) {
    refusing = refuse;
  }

  /** How many connections were accepted since the proxy was opened. */
  public long accepted() {
    return accepted.get();
  }

  /** How many connections stand. */
  public int connections() {
    return links.size();
  }

  /** How many bytes went through in this direction. */
  public long bytes(Direction direction) {
    return valve(direction).passed();
  }

  public Future<Void> close() {
    refusing = true;
    return server.close().onComplete(_ -> cut()).eventually(client::close);
  }

  private Valve valve(Direction direction) {
    return direction == Direction.UPSTREAM ? upstream : downstream;
  }

  private void accept(NetSocket near) {
    if (refusing) {
      near.close();
      return;
    }
    accepted.incrementAndGet();
    near.pause();
    var gone = new AtomicBoolean();
    near.closeHandler(_ -> gone.set(true));
    client
        .connect(targetPort, "127.0.0.1")
        .onSuccess(
            far -> {
              join(near, far);
              // A close handler that is set after the close is never called.
              if (gone.get()) {
                far.close();
              }
            })
        .onFailure(_ -> near.close());
  }

  private void join(NetSocket near, NetSocket far) {
    var link = new Link(near, far);
    links.add(link);
    near.closeHandler(_ -> end(link));
    far.closeHandler(_ -> end(link));
    new Pipe(vertx, upstream, near, far, link::close).open();
    new Pipe(vertx, downstream, far, near, link::close).open();
  }

  private void end(Link link) {
    links.remove(link);
    link.close();
  }

  /** The two halves of one connection. */
  private record Link(NetSocket near, NetSocket far) {
    void close() {
      near.close();
      far.close();
    }
  }
}
