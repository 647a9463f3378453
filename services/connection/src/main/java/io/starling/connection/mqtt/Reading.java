package io.starling.connection.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.impl.MqttEndpointImpl;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Stops the reading of a connection for a while. What comes meanwhile is kept up to a few
 * kilobytes; the rest waits in the client. Until those are full an end of the connection is still
 * noticed. Belongs to the connection's event loop.
 */
final class Reading {
  private static final String DECODER = "mqttDecoder";
  private static final int MOST_BYTES = 16 * 1024;

  /** Without it packets right behind a CONNECT that is not answered yet end the connection. */
  private static final VarHandle SOCKET = socketOfEndpoint();

  private final NetSocketInternal socket;
  private @Nullable Count count;

  private Reading(NetSocketInternal socket) {
    this.socket = socket;
  }

  static Reading of(MqttEndpoint endpoint) {
    return new Reading(socket(endpoint));
  }

  private static NetSocketInternal socket(MqttEndpoint endpoint) {
    return (NetSocketInternal) SOCKET.get((MqttEndpointImpl) endpoint);
  }

  static Channel channel(MqttEndpoint endpoint) {
    return socket(endpoint).channelHandlerContext().channel();
  }

  /** vertx-mqtt keeps the socket, and with it all back-pressure, to itself. */
  private static VarHandle socketOfEndpoint() {
    try {
      return MethodHandles.privateLookupIn(MqttEndpointImpl.class, MethodHandles.lookup())
          .findVarHandle(MqttEndpointImpl.class, "conn", NetSocketInternal.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("another version of vertx-mqtt than this was made for", e);
    }
  }

  /** Stops; what was read already is handed over after {@link #resume}. */
  void stop() {
    var pipeline = socket.channelHandlerContext().pipeline();
    if (count == null && pipeline.get(DECODER) != null) {
      count = new Count();
      var _ = pipeline.addBefore(DECODER, null, count);
      var _ = socket.pause();
    }
  }

  /** Goes on; what was held back comes before this returns. */
  void resume() {
    if (count == null) {
      return;
    }
    var channel = socket.channelHandlerContext().channel();
    boolean full = count.bytes > MOST_BYTES;
    if (channel.pipeline().context(count) != null) {
      var _ = channel.pipeline().remove(count);
    }
    count = null;
    if (full) {
      var _ = channel.config().setAutoRead(true);
    }
    var _ = socket.resume();
  }

  /** Counts what comes, and stops the channel itself when that is too much. */
  private static final class Count extends ChannelInboundHandlerAdapter {
    private int bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (bytes <= MOST_BYTES && message instanceof ByteBuf read) {
        bytes += read.readableBytes();
        if (bytes > MOST_BYTES) {
          var _ = context.channel().config().setAutoRead(false);
        }
      }
      var _ = context.fireChannelRead(message);
    }
  }
}
