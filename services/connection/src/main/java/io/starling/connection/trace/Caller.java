package io.starling.connection.trace;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Tells who may see a trace: somebody on this machine. */
final class Caller {
  private Caller() {}

  /** Tells whether a request comes from this machine, from a program, and for itself. */
  static boolean isHere(HttpServerRequest request) {
    var headers = request.headers();
    return isHere(request.remoteAddress(), request.localAddress())
        // What a proxy on this machine passes on comes from elsewhere; a page of a browser does
        // too.
        && !headers.contains("forwarded")
        && !headers.contains("x-forwarded-for")
        && !headers.contains("x-real-ip")
        && !headers.contains("origin")
        && !headers.contains("sec-fetch-site");
  }

  /** Nobody can send from this node's own address but this node, and be answered. */
  static boolean isHere(@Nullable SocketAddress remote, @Nullable SocketAddress local) {
    var from = address(remote);
    return from != null && (from.isLoopbackAddress() || from.equals(address(local)));
  }

  private static @Nullable InetAddress address(@Nullable SocketAddress of) {
    String literal = of == null ? null : of.hostAddress();
    try {
      return literal == null ? null : InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
