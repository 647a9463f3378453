package io.starling.connection.mqtt;

import io.netty.channel.ChannelHandlerContext;
import io.starling.connection.guard.FewLines;
import io.starling.connection.guard.Guard;
import io.starling.connection.trace.Tap;
import io.starling.connection.wire.PacketDecoder;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one listener, and what they share. One look at all of them, twice a second,
 * finds those whose time is over. Belongs to the listener's event loop.
 */
final class Connections {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final long LOOK_MILLIS = 500;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ContextInternal context;
  private final MqttListener.Options options;
  private final Guard guard;
  private final @Nullable Tls tls;
  private final WireMeters meters;
  private final Tap tap;
  private final BiConsumer<Connect, Link> door;
  private final FewLines failures = new FewLines();
  private final PacketDecoder decoder;
  private final List<Wire> all = new ArrayList<>();
  private final ArrayDeque<Wire> toFlush = new ArrayDeque<>();
  private final long timer;
  private boolean flushComes;

  Connections(
      ContextInternal context,
      MqttListener.Options options,
      Guard guard,
      @Nullable Tls tls,
      WireMeters meters,
      Tap tap,
      BiConsumer<Connect, Link> door) {
    this.context = context;
    this.options = options;
    this.guard = guard;
    this.tls = tls;
    this.meters = meters;
    this.tap = tap;
    this.door = door;
    this.decoder = new PacketDecoder(options.maxPacketBytes());
    this.timer = context.owner().setPeriodic(LOOK_MILLIS, _ -> look());
  }

  ContextInternal context() {
    return context;
  }

  MqttListener.Options options() {
    return options;
  }

  Guard guard() {
    return guard;
  }

  /** Null if there are no certificates. */
  @Nullable Tls tls() {
    return tls;
  }

  WireMeters meters() {
    return meters;
  }

  /** Where operators look on. */
  Tap tap() {
    return tap;
  }

  BiConsumer<Connect, Link> door() {
    return door;
  }

  PacketDecoder decoder() {
    return decoder;
  }

  /** A clock that only goes forward. */
  long nowMillis() {
    return System.nanoTime() / NANOS_PER_MILLI;
  }

  /**
   * Takes a connection over from Vert.x: its handler, with a queue for each connection, leaves the
   * pipeline.
   */
  void open(ChannelHandlerContext vertx, Port port) {
    AcceptPace.of(vertx.channel());
    var pipeline = vertx.pipeline();
    var wire = new Wire(this, vertx.channel(), port.webSocket());
    wire.index = all.size();
    all.add(wire);
    pipeline.addLast(wire);
    pipeline.addBefore(pipeline.context(wire).name(), null, new Entrance(this, port, wire));
    if (!vertx.isRemoved()) {
      pipeline.remove(vertx.handler());
    }
  }

  /** Somebody could not agree with us on TLS; a flood of them must not become one of the log. */
  void handshakeFailed(Peer peer, Throwable cause) {
    if (failures.next(nowMillis())) {
      LOG.info("TLS handshake with {} failed: {}", peer.address(), cause.getMessage());
    }
  }

  void remove(Wire wire) {
    var last = all.removeLast();
    if (last != wire) {
      all.set(wire.index, last);
      last.index = wire.index;
    }
    var counted = wire.peer().counted();
    if (counted != null) {
      guard.addresses().leave(counted);
    }
  }

  /** Flushes it with all others to which something was said in this turn of the loop. */
  void flushSoon(Wire wire) {
    toFlush.add(wire);
    if (!flushComes) {
      flushComes = true;
      context.nettyEventLoop().execute(this::flush);
    }
  }

  private void flush() {
    flushComes = false;
    for (var wire = toFlush.poll(); wire != null; wire = toFlush.poll()) {
      wire.flush();
    }
  }

  private void look() {
    long now = nowMillis();
    // From the end: who leaves makes room for the last, who was looked at already.
    for (int i = all.size() - 1; i >= 0; i--) {
      if (i < all.size()) {
        all.get(i).look(now);
      }
    }
  }

  /** Ends what never became a session; from here on nobody is looked after. */
  void close() {
    context.owner().cancelTimer(timer);
    for (var wire : List.copyOf(all)) {
      if (wire.isOpen()) {
        wire.cut();
      }
    }
  }
}
