package io.starling.connection.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Ends the way to the client, and leaves open the one back. */
final class Farewell {
  private Farewell() {}

  /** Tells the client that nothing more comes, behind what was written. */
  static void to(Channel channel) {
    if (!(channel instanceof DuplexChannel duplex)) {
      var _ = channel.close();
      return;
    }
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      var _ = duplex.shutdownOutput();
    } else {
      // Else it could not tell whether somebody has cut the connection.
      tls.closeOutbound()
          .addListener(
              _ -> {
                var _ = duplex.shutdownOutput();
              });
    }
  }
}
