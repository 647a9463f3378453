package io.starling.testing.client;

import io.vertx.core.net.NetClientOptions;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens, and from which local address to come (null: the system's choice; many
 * connections need several, as each has about 28,000 ports).
 */
public record Target(
    String host, int port, boolean tls, boolean trustAll, @Nullable String localAddress) {

  public static Target plain(String host, int port) {
    return new Target(host, port, false, false, null);
  }

  /**
   * Reads {@code mqtt://host:port} or {@code mqtts://host:port}; the ports default to 1883 and
   * 8883.
   *
   * @throws IllegalArgumentException when the text is neither
   */
  public static Target parse(String url) {
    var uri = URI.create(url);
    var tls = "mqtts".equals(uri.getScheme());
    if (uri.getHost() == null || !(tls || "mqtt".equals(uri.getScheme()))) {
      throw new IllegalArgumentException("expected mqtt://host:port, got " + url);
    }
    var port = uri.getPort() > 0 ? uri.getPort() : tls ? 8883 : 1883;
    return new Target(uri.getHost(), port, tls, false, null);
  }

  /** The same server without a check of its certificate. */
  public Target trustingAll() {
    return new Target(host, port, tls, true, localAddress);
  }

  public Target from(String address) {
    return new Target(host, port, tls, trustAll, address);
  }

  /** The socket options that a device of this target needs. */
  public NetClientOptions netOptions() {
    var net = new NetClientOptions().setTcpNoDelay(true).setTrustAll(trustAll);
    if (tls) {
      net.setHostnameVerificationAlgorithm(trustAll ? "" : "HTTPS");
    }
    return localAddress == null ? net : net.setLocalAddress(localAddress);
  }

  @Override
  public String toString() {
    return (tls ? "mqtts://" : "mqtt://") + host + ":" + port;
  }
}
