package io.starling.webhooks.connect;

import java.net.InetAddress;
import java.util.Locale;

/** Which addresses that are not of the public Internet may be posted to. */
public enum PrivateTargets {
  /** None of them. */
  NONE,
  /** The machine itself, and nothing of its network. */
  LOOPBACK,
  /** All, as for a site of one's own whose users are all trusted. */
  ALL;

  /**
   * Reads a setting; {@code true} and {@code false}, as it was once, are understood.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static PrivateTargets parse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "none", "false" -> NONE;
      case "loopback" -> LOOPBACK;
      case "all", "true" -> ALL;
      default -> throw new IllegalArgumentException("must be none, loopback or all");
    };
  }

  /** Tells whether it may be connected to. */
  boolean allow(InetAddress address) {
    return switch (this) {
      case NONE -> !PrivateAddresses.contains(address);
      case LOOPBACK -> address.isLoopbackAddress() || !PrivateAddresses.contains(address);
      case ALL -> true;
    };
  }
}
