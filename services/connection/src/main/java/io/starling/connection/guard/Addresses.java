package io.starling.connection.guard;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** How many connections each address has; not more of them than there are. Not thread-safe. */
public final class Addresses {
  private static final int NETWORK_BYTES = 8;

  private final Map<String, Integer> connections = new HashMap<>();
  private final int most;

  /**
   * No connections yet.
   *
   * @param most how many an address may have, 0: any number
   */
  public Addresses(int most) {
    this.most = most;
  }

  /**
   * What limits know an address by: an IPv6 client has a whole network of them.
   *
   * @param address as {@link InetAddress#getHostAddress} says it
   */
  public static String key(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    int scope = address.indexOf('%');
    byte[] bytes =
        InetAddress.ofLiteral(scope < 0 ? address : address.substring(0, scope)).getAddress();
    return HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, NETWORK_BYTES));
  }

  /** One more; false, and nothing is counted, if it is too many. */
  public boolean enter(String key) {
    if (most == 0) {
      return true;
    }
    int now = connections.getOrDefault(key, 0);
    if (now >= most) {
      return false;
    }
    connections.put(key, now + 1);
    return true;
  }

  /** One less, of those that entered. */
  public void leave(String key) {
    var _ = connections.computeIfPresent(key, (_, now) -> now > 1 ? now - 1 : null);
  }
}
