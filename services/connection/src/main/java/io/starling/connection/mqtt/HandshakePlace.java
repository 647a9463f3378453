package io.starling.connection.mqtt;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.starling.connection.guard.Handshakes;

/**
 * One of the places for TLS handshakes, given back when this side has answered: its sums are done
 * by then, and how long the client thinks about it must not keep others from theirs. It stands
 * between the socket and TLS.
 */
final class HandshakePlace extends ChannelOutboundHandlerAdapter {
  private final Handshakes handshakes;

  HandshakePlace(Handshakes handshakes) {
    this.handshakes = handshakes;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    var _ = context.write(message, promise);
    if (!context.isRemoved()) {
      var _ = context.pipeline().remove(this);
    }
  }

  /** Also when the connection is gone. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    handshakes.end(System.nanoTime());
  }
}
