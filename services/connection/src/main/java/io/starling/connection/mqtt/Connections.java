package io.starling.connection.mqtt;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateHandler;
import io.starling.connection.wire.PacketDecoder;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * The connections of one listener, and what they share. One look at all of them, twice a second,
 * finds those whose time is over. Belongs to the listener's event loop.
 */
final class Connections {
  private static final long LOOK_MILLIS = 500;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ContextInternal context;
  private final MqttListener.Options options;
  private final BiConsumer<Connect, Link> door;
  private final PacketDecoder decoder;
  private final List<Wire> all = new ArrayList<>();
  private final ArrayDeque<Wire> toFlush = new ArrayDeque<>();
  private final long timer;
  private boolean flushComes;

  Connections(
      ContextInternal context, MqttListener.Options options, BiConsumer<Connect, Link> door) {
    this.context = context;
    this.options = options;
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
  void open(ChannelHandlerContext vertx, boolean webSocket) {
    AcceptPace.of(vertx.channel());
    var pipeline = vertx.pipeline();
    if (webSocket) {
      var idle = pipeline.get(IdleStateHandler.class);
      if (idle != null) {
        pipeline.remove(idle);
      }
      pipeline.addLast(new WebSocketFrames());
    }
    var wire = new Wire(this, vertx.channel(), webSocket);
    wire.index = all.size();
    all.add(wire);
    pipeline.addLast(wire);
    pipeline.remove(vertx.handler());
  }

  void remove(Wire wire) {
    var last = all.removeLast();
    if (last != wire) {
      all.set(wire.index, last);
      last.index = wire.index;
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
