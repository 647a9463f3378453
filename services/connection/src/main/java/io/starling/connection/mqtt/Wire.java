package io.starling.connection.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.starling.connection.wire.Malformed;
import io.starling.connection.wire.Packet;
import io.starling.connection.wire.PacketEncoder;
import io.starling.connection.wire.Type;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection as bytes: cuts what comes into packets, gathers what goes into one write for all
 * that was said in a turn of the loop. Belongs to the connection's event loop.
 *
 * <p>Bounded: while the session takes nothing, or the client does not read, nothing more is read
 * from it than a few kilobytes. The last packet reaches a client that still sends: the connection
 * is half closed behind it, and closed when the client does so too or a second has passed.
 */
final class Wire extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

  /** So much is read from a client that is not listened to, so that its end is noticed. */
  private static final int MOST_HELD = 16 << 10;

  private static final int LINGER_MILLIS = 1_000;

  private final Connections connections;
  private final Channel channel;
  private final Peer peer;
  private final ClientLink link;
  private final boolean webSocket;
  private State state = State.OPEN;

  // what comes
  private @Nullable ByteBuf held;
  private boolean ownHeld;
  private boolean paused;
  private boolean processing;
  private boolean reading;
  private long heardMillis;

  // what goes
  private final Outgoing out;
  private boolean flushComes;
  private int publishedBytes;

  /** Where it stands in the list of connections. */
  int index;

  private enum State {
    OPEN,
    LINGERING,
    CLOSED
  }

  Wire(Connections connections, Channel channel, boolean webSocket) {
    this.connections = connections;
    this.channel = channel;
    this.peer = new Peer(channel);
    this.webSocket = webSocket;
    this.out = new Outgoing(channel);
    this.heardMillis = connections.nowMillis();
    this.link = new ClientLink(this, connections);
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  String transport() {
    boolean secure = channel.pipeline().get(SslHandler.class) != null;
    if (webSocket) {
      return secure ? "wss" : "ws";
    }
    return secure ? "tls" : "tcp";
  }

  Peer peer() {
    return peer;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state != State.OPEN || !(message instanceof ByteBuf bytes)) {
      var _ = ReferenceCountUtil.release(message);
      return;
    }
    if (link.level() > 0) {
      // Until CONNECT the time runs from the beginning, however slowly bytes may drip in.
      heardMillis = connections.nowMillis();
    }
    reading = true;
    var before = connections.context().beginDispatch();
    try {
      hold(bytes);
      process();
    } finally {
      connections.context().endDispatch(before);
    }
  }

  private void hold(ByteBuf bytes) {
    if (held == null) {
      held = bytes;
      ownHeld = false;
    } else {
      held.writeBytes(bytes);
      bytes.release();
    }
  }

  private void process() {
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (held != null && !paused && state == State.OPEN) {
        int start = held.readerIndex();
        var next = connections.decoder().next(held, link.level());
        if (next == null) {
          break;
        }
        int bytes = held.readerIndex() - start;
        boolean isPacket = !(next instanceof Malformed);
        connections
            .meters()
            .received(isPacket ? held.getUnsignedByte(start) >> 4 : WireMeters.MALFORMED, bytes);
        link.received(next, bytes);
      }
    } catch (RuntimeException e) {
      // Our mistake, not the client's; but it would wait for its answer for ever.
      LOG.error("A packet could not be handled", e);
      link.failed();
    } finally {
      processing = false;
    }
    keep();
    readOrNot();
  }

  /** Keeps what is no whole packet yet, and not the large buffer in which it came. */
  private void keep() {
    var rest = held;
    if (rest == null) {
      return;
    }
    if (state != State.OPEN || !rest.isReadable()) {
      rest.release();
      held = null;
    } else if (ownHeld) {
      rest.discardSomeReadBytes();
    } else {
      held = channel.alloc().buffer(rest.readableBytes()).writeBytes(rest);
      ownHeld = true;
      rest.release();
    }
  }

  private void readOrNot() {
    if (state == State.CLOSED) {
      return;
    }
    boolean full = paused && held != null && held.readableBytes() > MOST_HELD;
    boolean read = state == State.LINGERING || (!full && channel.isWritable());
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    readOrNot();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (state == State.CLOSED) {
      return;
    }
    boolean unexpected = state == State.OPEN;
    state = State.CLOSED;
    keep();
    out.release();
    connections.remove(this);
    if (unexpected) {
      connections.context().dispatch(link::lost);
    }
  }

  /** A client that has ended TLS has nothing more to say, and does not always close the socket. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent && state == State.OPEN) {
      var _ = ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.debug("A connection fails: {}", cause.getMessage());
    }
    var _ = ctx.close();
  }

  /** Hands nothing over any more, until {@link #resume}. */
  void pause() {
    paused = true;
  }

  /** Goes on; what was held back comes before this returns. */
  void resume() {
    if (paused) {
      paused = false;
      heardMillis = connections.nowMillis();
      process();
    }
  }

  /** Sends a packet, with all others of this turn. */
  void send(Packet packet) {
    if (state == State.OPEN) {
      append(packet);
      wrote();
    }
  }

  private void append(Packet packet) {
    var bytes = out.bytes();
    int start = bytes.writerIndex();
    PacketEncoder.encode(packet, link.isV5(), bytes);
    int length = bytes.writerIndex() - start;
    connections.meters().sent(bytes.getUnsignedByte(start) >> 4, length);
    link.sent(packet, length);
  }

  /** Sends a message; completes at once unless the socket is full, else when it was written. */
  Future<Void> publish(
      int flags, byte[] topic, int packetId, byte[] own, byte @Nullable [] shared, Buffer payload) {
    if (state != State.OPEN) {
      return Future.succeededFuture();
    }
    var bytes = out.bytes();
    int start = bytes.writerIndex();
    PacketEncoder.publish(flags, topic, packetId, own, shared, payload, bytes);
    publishedBytes = bytes.writerIndex() - start;
    connections.meters().sent(Type.PUBLISH, publishedBytes);
    if (channel.isWritable()) {
      wrote();
      return Future.succeededFuture();
    }
    Promise<Void> written = Promise.promise();
    var promise = channel.newPromise();
    promise.addListener(_ -> written.complete());
    out.write(promise);
    flushSoon();
    return written.future();
  }

  /** How long the message was that was published last. */
  int publishedBytes() {
    return publishedBytes;
  }

  private void wrote() {
    out.appended();
    flushSoon();
  }

  private void flushSoon() {
    if (!reading && !flushComes) {
      flushComes = true;
      connections.flushSoon(this);
    }
  }

  /** Writes what was gathered. */
  void flush() {
    flushComes = false;
    out.flush();
  }

  /** Ends the connection once what was sent has reached the client, this packet last. */
  void end(@Nullable Packet last) {
    if (state != State.OPEN) {
      return;
    }
    if (last != null) {
      append(last);
    }
    state = State.LINGERING;
    heardMillis = connections.nowMillis();
    var told = channel.newPromise();
    if (webSocket) {
      flush();
      var _ =
          channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE), told);
    } else {
      out.write(told);
      flush();
    }
    told.addListener(_ -> Farewell.to(channel));
    if (!processing) {
      keep();
    }
    readOrNot();
  }

  /** Ends the connection at once. */
  void cut() {
    var _ = channel.close();
  }

  /** Looks whether its time is over. */
  void look(long nowMillis) {
    long silent = nowMillis - heardMillis;
    if (state == State.LINGERING) {
      if (silent >= LINGER_MILLIS) {
        var _ = channel.close();
      }
    } else if (!paused && link.isSilent(silent)) {
      if (link.level() == 0) {
        // Maybe there is no TLS or WebSocket yet in which to take leave.
        cut();
      } else {
        connections.context().dispatch(link::silent);
      }
    }
  }
}
