package io.starling.connection.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Takes the bytes out of WebSocket frames, however they are cut (MQTT 5, section 6), and puts bytes
 * into them. Answers pings and closes; text ends the connection.
 */
final class WebSocketFrames extends ChannelDuplexHandler {

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof WebSocketFrame frame)) {
      // Sent before there was a WebSocket.
      var _ = ReferenceCountUtil.release(message);
      var _ = context.close();
      return;
    }
    switch (frame) {
      case BinaryWebSocketFrame _, ContinuationWebSocketFrame _ ->
          context.fireChannelRead(frame.content());
      case PingWebSocketFrame _ -> {
        var _ = context.writeAndFlush(new PongWebSocketFrame(frame.content()));
      }
      case CloseWebSocketFrame _ -> close(context, frame, WebSocketCloseStatus.NORMAL_CLOSURE);
      case PongWebSocketFrame _ -> frame.release();
      default -> close(context, frame, WebSocketCloseStatus.INVALID_MESSAGE_TYPE);
    }
  }

  private static void close(
      ChannelHandlerContext context, WebSocketFrame frame, WebSocketCloseStatus why) {
    frame.release();
    var _ =
        context
            .writeAndFlush(new CloseWebSocketFrame(why))
            .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    var _ =
        context.write(
            message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
  }
}
