package io.starling.webhooks.connect;

import java.net.InetAddress;
import java.util.Arrays;

/**
 * Which addresses are not of the public Internet: loopback, private, link-local, shared, reserved,
 * multicast, documentation, and IPv6 forms that carry one of these (NAT64, 6to4, mapped,
 * compatible, Teredo). Pure.
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
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113);
  }

  private static boolean isPrivate6(byte[] ip) {
    int first = (ip[0] & 255) << 8 | (ip[1] & 255);
    int second = (ip[2] & 255) << 8 | (ip[3] & 255);
    if (first == 0x64 && second == 0xff9b) {
      return !isZero(ip, 4, 12) || isPrivate4(Arrays.copyOfRange(ip, 12, 16)); // NAT64
    }
    if (first == 0x2002) {
      return isPrivate4(Arrays.copyOfRange(ip, 2, 6)); // 6to4
    }
    // Global unicast is 2000::/3; in it, Teredo, other protocols' own, and documentation are not.
    boolean protocols = first == 0x2001 && second < 0x200;
    boolean documentation =
        (first == 0x2001 && second == 0xdb8) || (first == 0x3fff && second < 0x1000);
    return (first & 0xe000) != 0x2000 || protocols || documentation;
  }

  private static boolean isZero(byte[] ip, int from, int to) {
    for (int i = from; i < to; i++) {
      if (ip[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
