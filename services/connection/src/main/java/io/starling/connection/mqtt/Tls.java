package io.starling.connection.mqtt;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.starling.connection.tls.Certificates;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Executor;

/**
 * TLS of one listener. The certificate is chosen when a client says hello; its sums are done by
 * worker threads, so that the loop has time for those who are in already.
 */
final class Tls {
  private static final int MOST_CLIENT_HELLO = 16 << 10;

  private final Certificates certificates;
  private final Executor sums;

  Tls(Certificates certificates, WorkerExecutor workers) {
    this.certificates = certificates;
    this.sums =
        task -> {
          var _ =
              workers.executeBlocking(
                  () -> {
                    task.run();
                    return true;
                  },
                  false);
        };
  }

  /** For a new connection. It has no time limit of its own: that of CONNECT counts. */
  ChannelHandler handler() {
    return new SniHandler(name -> certificates.current().of(name), MOST_CLIENT_HELLO, 0) {
      @Override
      protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
        var handler = context.newHandler(allocator, sums);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
      }
    };
  }
}
