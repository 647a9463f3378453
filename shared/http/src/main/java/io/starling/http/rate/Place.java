package io.starling.http.rate;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** Whose an address counts as: itself, or the /64 that it is of. */
public final class Place {
  private static final int PREFIX_BYTES = 8;
  private static final int MAX_TEXT = 64;

  private Place() {}

  /** The place of an address in text; what is none counts as what it says, cut to a bound. */
  public static String of(String address) {
    try {
      // Reads literals only: nothing is looked up. IPv4 within IPv6 is IPv4.
      return InetAddress.ofLiteral(address) instanceof Inet6Address six
          ? HexFormat.of().formatHex(six.getAddress(), 0, PREFIX_BYTES) + "/64"
          : InetAddress.ofLiteral(address).getHostAddress();
    } catch (IllegalArgumentException _) {
      return address.substring(0, Math.min(MAX_TEXT, address.length()));
    }
  }
}
