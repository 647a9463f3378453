package io.starling.webhooks.connect;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The host of a URL where it is an address and no name. Only the usual spelling is taken: octal,
 * hexadecimal, short and whole-number forms are read differently by different readers. Pure.
 */
final class HostAddress {
  private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");

  /** A name of the Internet never ends so. */
  private static final Pattern NUMBER_LAST =
      Pattern.compile("(?:.*\\.)?(?:\\d+|0[xX][0-9a-fA-F]*)");

  private HostAddress() {}

  /**
   * Reads a host; IPv6 in brackets.
   *
   * @return empty if it is a name
   * @throws IllegalArgumentException if it is an address that is not spelled as usual
   */
  static Optional<InetAddress> read(String host) {
    if (host.startsWith("[")) {
      return Optional.of(ipv6(host.substring(1, host.length() - 1)));
    }
    if (IPV4.matcher(host).matches()) {
      return Optional.of(Inet4Address.ofLiteral(host));
    }
    if (NUMBER_LAST.matcher(host).matches() || host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("url has an address in an unusual spelling");
    }
    return Optional.empty();
  }

  private static InetAddress ipv6(String text) {
    if (text.indexOf('%') >= 0) {
      throw new IllegalArgumentException("url has an address with a zone");
    }
    return Inet6Address.ofLiteral(text);
  }
}
