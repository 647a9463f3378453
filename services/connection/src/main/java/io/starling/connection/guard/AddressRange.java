package io.starling.connection.guard;

import java.net.InetAddress;

/**
 * A range of IP addresses ({@code 10.0.0.0/8}, {@code fd00::/8}, {@code 192.0.2.7}).
 *
 * @param start its first address
 * @param bits how many bits all of it have in common
 */
public record AddressRange(InetAddress start, int bits) {

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none; no name is ever looked up
   */
  public static AddressRange of(String text) {
    int slash = text.indexOf('/');
    var start = literal(slash < 0 ? text : text.substring(0, slash), text);
    int most = start.getAddress().length * 8;
    int bits = slash < 0 ? most : bits(text.substring(slash + 1), text);
    if (bits < 0 || bits > most) {
      throw new IllegalArgumentException("must be an address or a range such as 10.0.0.0/8");
    }
    return new AddressRange(start, bits);
  }

  private static InetAddress literal(String address, String text) {
    try {
      return InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + text + "' is no IP address or range of them", e);
    }
  }

  private static int bits(String digits, String text) {
    if (!digits.matches("\\d{1,3}")) {
      throw new IllegalArgumentException("'" + text + "' is no range of IP addresses");
    }
    return Integer.parseInt(digits);
  }

  /** Tells whether an address is in it. */
  public boolean contains(InetAddress address) {
    byte[] mine = start.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit += 8) {
      int differ = (mine[bit / 8] ^ other[bit / 8]) & 0xff;
      if (differ >> Math.max(0, 8 - (bits - bit)) != 0) {
        return false;
      }
    }
    return true;
  }
}
