package io.starling.connection.mqtt;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Who is at the other end of a connection. Belongs to the connection's event loop. */
final class Peer {
  private final Channel channel;
  private String address = "";
  private @Nullable String counted;

  Peer(Channel channel) {
    this.channel = channel;
  }

  /** The client's address, without port. */
  String address() {
    return address;
  }

  void comesFrom(InetAddress from) {
    address = from.getHostAddress();
  }

  /** It is one of the connections that are counted under this key. */
  void counts(String key) {
    counted = key;
  }

  @Nullable String counted() {
    return counted;
  }

  /** The certificate that it has shown and those that came along; none if it showed none. */
  List<X509Certificate> certificates() {
    var tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      return List.of();
    }
    try {
      return Arrays.stream(tls.engine().getSession().getPeerCertificates())
          .map(X509Certificate.class::cast)
          .toList();
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }
}
