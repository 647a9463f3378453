package io.starling.webhooks.send;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Which addresses are not of the public Internet: loopback, private, link-local, shared, reserved,
 * multicast, and IPv6 forms that carry one of these (NAT64, 6to4, mapped). Pure.
 */
final class PrivateAddresses {
  private PrivateAddresses() {}

  static boolean contains(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? isPrivate4(bytes) : isPrivate6(bytes);
  }

  private static boolean isPrivate4(byte[] ip) {
    int a = ip[0] & 255;
    int b = ip[1] & 255;
    int c = ip[2] & 255;
    return a == 0
        || a == 10
        || a == 127
        || a >= 224
        || (a == 100 && b >= 64 && b < 128)
        || (a == 169 && b == 254)
        || (a == 172 && b >= 16 && b < 32)
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113);
  }

  private static boolean isPrivate6(byte[] ip) {
    int first = (ip[0] & 255) << 8 | (ip[1] & 255);
    if (first == 0x64 && ip[2] == (byte) 0xff && ip[3] == (byte) 0x9b) {
      return isPrivate4(Arrays.copyOfRange(ip, 12, 16)); // NAT64
    }
    if (first == 0x2002) {
      return isPrivate4(Arrays.copyOfRange(ip, 2, 6)); // 6to4
    }
    // Global unicast is 2000::/3; in it, Teredo and the documentation range lead nowhere good.
    boolean teredo = first == 0x2001 && ip[2] == 0 && ip[3] == 0;
    boolean documentation = first == 0x2001 && ip[2] == 0x0d && ip[3] == (byte) 0xb8;
    return (first & 0xe000) != 0x2000 || teredo || documentation;
  }

  /**
   * The first address of a host, if none of all its addresses is private.
   *
   * @throws UnknownHostException if it has none
   * @throws IllegalArgumentException if any is private
   */
  static InetAddress vetted(String host) throws UnknownHostException {
    var all = InetAddress.getAllByName(host);
    for (InetAddress address : all) {
      if (contains(address)) {
        throw new IllegalArgumentException("url leads to a private address");
      }
    }
    return all[0];
  }
}
