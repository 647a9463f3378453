package io.starling.webhooks.connect;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;

/**
 * The JDK's TLS, which also tells when a connection's handshake began: nothing else tells TCP's
 * time from that of TLS.
 */
final class Handshakes extends JdkSSLEngineOptions {
  private static final String BEGAN = "starling.handshake.nanos";

  /** When a connection's handshake began; 0 if it had none. */
  static long beganNanos(HttpConnection connection) {
    var session = connection.sslSession();
    return session != null && session.getValue(BEGAN) instanceof Long nanos ? nanos : 0;
  }

  @Override
  public Handshakes copy() {
    return new Handshakes();
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        return new Watched(super.create());
      }
    };
  }

  private static final class Watched extends SslContext {
    private final SslContext context;

    Watched(SslContext context) {
      this.context = context;
    }

    @Override
    public boolean isClient() {
      return context.isClient();
    }

    @Override
    public List<String> cipherSuites() {
      return context.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // Its type is of no concern here.
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
      return context.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
      return context.newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
      return context.newEngine(allocator, host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
      return context.sessionContext();
    }

    @Override
    protected SslHandler newHandler(
        ByteBufAllocator allocator, String host, int port, boolean startTls, Executor executor) {
      return new WatchedHandler(newEngine(allocator, host, port), startTls, executor);
    }
  }

  private static final class WatchedHandler extends SslHandler {
    WatchedHandler(SSLEngine engine, boolean startTls, Executor executor) {
      super(engine, startTls, executor);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
      long nanos = System.nanoTime();
      var _ =
          handshakeFuture()
              .addListener(
                  done -> {
                    if (done.isSuccess()) {
                      engine().getSession().putValue(BEGAN, nanos);
                    }
                  });
      super.channelActive(context);
    }
  }
}
