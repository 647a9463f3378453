package io.starling.connection.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.starling.connection.guard.Addresses;
import io.starling.connection.guard.Guard;
import io.starling.connection.guard.GuardMeters;
import io.starling.connection.guard.GuardMeters.Accept;
import io.starling.connection.guard.Handshakes;
import io.starling.connection.guard.WaitingLine.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection before its first byte counts: whose it is, by the header of a trusted proxy; whether
 * its address has too many; whether too many come, or shake hands, at a time. Then TLS and
 * WebSocket take its place. What has come meanwhile is kept, and no more is read while it waits.
 * All this is part of the time to CONNECT, which the wire looks after.
 */
final class Entrance extends ByteToMessageDecoder implements Handshakes.Waiting {
  private final Connections connections;
  private final Port port;
  private final Wire wire;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Place<Handshakes.Waiting> place;
  private boolean headerDue;
  private boolean helloDue;

  Entrance(Connections connections, Port port, Wire wire) {
    this.connections = connections;
    this.port = port;
    this.wire = wire;
  }

  private Guard guard() {
    return connections.guard();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    var proxies = connections.options().proxies();
    var peer = peer(added);
    if (proxies.isEmpty()) {
      come(added, peer);
    } else if (peer != null && proxies.stream().anyMatch(range -> range.contains(peer))) {
      headerDue = true;
    } else {
      refuse(Accept.NOT_A_PROXY);
    }
  }

  private static @Nullable InetAddress peer(ChannelHandlerContext context) {
    return context.channel().remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress()
        : null;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (helloDue) {
      hello(ctx, in);
    }
    if (!headerDue) {
      return;
    }
    var header = ProxyHeader.read(in);
    if (header == null) {
      return;
    }
    headerDue = false;
    switch (header) {
      case ProxyHeader.Invalid _ -> refuse(Accept.PROXY_HEADER_INVALID);
      case ProxyHeader.Client(var address) -> come(ctx, address);
      case ProxyHeader.Itself _ -> come(ctx, peer(ctx));
    }
  }

  private void refuse(Accept why) {
    guard().meters().count(why);
    wire.cut();
  }

  private void come(ChannelHandlerContext ctx, @Nullable InetAddress from) {
    if (from != null) {
      wire.peer().comesFrom(from);
      String key = Addresses.key(wire.peer().address());
      if (!guard().addresses().enter(key)) {
        refuse(Accept.ADDRESS_HAS_TOO_MANY);
        return;
      }
      wire.peer().counts(key);
    }
    long wait = guard().accepts().reserve(System.nanoTime(), Guard.ACCEPT_WAIT_NANOS);
    if (wait < 0) {
      refuse(Accept.TOO_FAST);
    } else if (wait == 0) {
      guard().meters().count(Accept.TAKEN);
      goOn(ctx);
    } else {
      guard().meters().count(Accept.WAITED);
      var _ = ctx.channel().config().setAutoRead(false);
      var _ = ctx.executor().schedule(() -> goOn(ctx), wait, TimeUnit.NANOSECONDS);
    }
  }

  private void goOn(ChannelHandlerContext ctx) {
    if (!wire.isOpen() || ctx.isRemoved()) {
      return;
    }
    if (port.tls()) {
      helloDue = true;
      var _ = ctx.channel().config().setAutoRead(true);
      hello(ctx, internalBuffer());
    } else {
      enter(ctx);
    }
  }

  /** Nobody gets a place for a handshake who has not said all of his hello. */
  private void hello(ChannelHandlerContext ctx, ByteBuf in) {
    switch (ClientHello.in(in)) {
      case PARTLY -> {}
      case NONE -> {
        helloDue = false;
        guard().meters().count(GuardMeters.Handshake.FAILED);
        wire.cut();
      }
      case WHOLE -> {
        helloDue = false;
        if (guard().handshakes().begin()) {
          enter(ctx);
        } else {
          var _ = ctx.channel().config().setAutoRead(false);
          place = guard().handshakes().await(this, System.nanoTime());
        }
      }
    }
  }

  @Override
  public void begin() {
    place = null;
    if (context != null) {
      enter(context);
    }
  }

  @Override
  public void tooMany() {
    guard().meters().count(GuardMeters.Handshake.TOO_MANY);
    wire.cut();
  }

  /** Makes way for what stands between the socket and MQTT; a handshake's place is taken. */
  private void enter(ChannelHandlerContext ctx) {
    if (port.webSocket()) {
      WebSocketUpgrade.before(wire, ctx.pipeline(), connections.options());
    }
    var tls = connections.tls();
    if (port.tls() && tls != null) {
      // Each right behind this, so the last one first.
      var _ =
          ctx.pipeline()
              .addAfter(ctx.name(), null, new HandshakeResult(connections, wire.peer()))
              .addAfter(ctx.name(), null, tls.handler())
              .addAfter(ctx.name(), null, new HandshakePlace(guard().handshakes()));
    }
    var _ = ctx.channel().config().setAutoRead(true);
    // What it has kept comes to those behind it.
    var _ = ctx.pipeline().remove(this);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    if (place != null) {
      guard().handshakes().leave(place);
      place = null;
    }
  }
}
