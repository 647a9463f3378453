package io.starling.contract;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What environment variables are set for: all devices of an account, those of one of its products,
 * or one of its devices. What is nearer to a device counts.
 *
 * @param value nothing, the product's number, or the device's id
 */
public record EnvScope(AccountId account, Kind kind, String value) {
  private static final Pattern KEY =
      Pattern.compile("([0-9a-f]{24})/(owner|product|device)/([0-9a-f]*)");

  /** How far it goes; what comes later counts more. */
  public enum Kind {
    OWNER("owner"),
    PRODUCT("product"),
    DEVICE("device");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  /** All devices of an account. */
  public static EnvScope of(AccountId account) {
    return new EnvScope(account, Kind.OWNER, "");
  }

  /** The devices of a product. */
  public static EnvScope of(AccountId account, int product) {
    return new EnvScope(account, Kind.PRODUCT, Integer.toString(product));
  }

  /** One device. */
  public static EnvScope of(AccountId account, DeviceId device) {
    return new EnvScope(account, Kind.DEVICE, device.toString());
  }

  /** By which it is kept. */
  public String key() {
    return account + "/" + kind.text + "/" + value;
  }

  /** Reads a key. */
  public static Optional<EnvScope> ofKey(String key) {
    var parts = KEY.matcher(key);
    if (!parts.matches()) {
      return Optional.empty();
    }
    for (var kind : Kind.values()) {
      if (kind.text.equals(parts.group(2))) {
        return Optional.of(new EnvScope(AccountId.of(parts.group(1)), kind, parts.group(3)));
      }
    }
    return Optional.empty();
  }
}
