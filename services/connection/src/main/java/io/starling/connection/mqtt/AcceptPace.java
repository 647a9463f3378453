package io.starling.connection.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Takes connections from the listening socket only as fast as the event loops get them ready: a
 * few, and the next ones when these are. Else thousands of them stand before whatever else a loop
 * has to do, for up to a second: so long does Netty prefer tasks to reading. The rest waits in the
 * system's backlog, and beyond that in the clients. Belongs to the event loop of the listening
 * socket.
 */
final class AcceptPace extends ChannelInboundHandlerAdapter {
  private static final String NAME = "acceptPace";
  private static final int AT_ONCE = 32;

  /** Time for a loop to read from the connections that it has. */
  private static final long PAUSE_MILLIS = 2;

  private int accepted;

  /** Paces the socket from which this connection was taken, if it is not paced yet. */
  static void of(Channel connection) {
    var listening = connection.parent();
    if (listening != null && listening.pipeline().get(NAME) == null) {
      try {
        listening.eventLoop().execute(() -> pace(listening));
      } catch (RejectedExecutionException _) {
        // Its loop has ended: it takes no further connections.
      }
    }
  }

  private static void pace(Channel listening) {
    if (listening.isOpen() && listening.pipeline().get(NAME) == null) {
      var _ = listening.pipeline().addFirst(NAME, new AcceptPace());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var _ = context.fireChannelRead(message);
    if (message instanceof Channel connection && ++accepted >= AT_ONCE) {
      accepted = 0;
      var listening = context.channel();
      var _ = listening.config().setAutoRead(false);
      try {
        // Comes after all that this loop has been given to get ready so far.
        connection.eventLoop().execute(() -> resume(listening));
      } catch (RejectedExecutionException e) {
        resume(listening);
      }
    }
  }

  private static void resume(Channel listening) {
    var _ =
        listening
            .eventLoop()
            .schedule(
                () -> listening.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
