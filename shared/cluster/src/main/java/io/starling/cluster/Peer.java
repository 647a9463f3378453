package io.starling.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where members may be found.
 *
 * @param host an address, or a name that stands for one or several
 */
public record Peer(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]+)]|([0-9A-Za-z](?:[0-9A-Za-z.-]*[0-9A-Za-z])?))(?::(\\d{1,5}))?");

  /**
   * Reads {@code host}, {@code host:port} or {@code [IPv6]:port}.
   *
   * @throws IllegalArgumentException telling what is wrong
   */
  static Peer read(String text, int defaultPort) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text + " is not host, host:port or [IPv6]:port");
    }
    int port = parts.group(3) == null ? defaultPort : Integer.parseInt(parts.group(3));
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException(text + " has no port from 1 to 65535");
    }
    return new Peer(parts.group(1) == null ? parts.group(2) : parts.group(1), port);
  }

  /** The addresses that the name stands for now; none if it is not known (yet). Blocks on DNS. */
  List<InetSocketAddress> addresses() {
    try {
      return Arrays.stream(InetAddress.getAllByName(host))
          .map(address -> new InetSocketAddress(address, port))
          .toList();
    } catch (UnknownHostException _) {
      return List.of();
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
