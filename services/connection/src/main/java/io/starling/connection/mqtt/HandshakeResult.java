package io.starling.connection.mqtt;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.starling.connection.guard.GuardMeters.Handshake;

/** Counts how a TLS handshake ends, right behind it. */
final class HandshakeResult extends ChannelInboundHandlerAdapter {
  private final Connections connections;
  private final Peer peer;
  private Handshake result = Handshake.FAILED;

  HandshakeResult(Connections connections, Peer peer) {
    this.connections = connections;
    this.peer = peer;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (completion.isSuccess()) {
        result = Handshake.DONE;
      } else {
        connections.handshakeFailed(peer, completion.cause());
      }
      var _ = context.pipeline().remove(this);
    } else {
      var _ = context.fireUserEventTriggered(event);
    }
  }

  /** Also when the connection is gone. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    connections.guard().meters().count(result);
  }
}
