package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * User properties as they stand in {@link Event.Manner#properties} (MQTT 5, sections 1.5.7 and
 * 3.3.2.3.7), of events that the cloud itself publishes: nothing but user properties, each name
 * once.
 */
public final class UserProperties {
  private static final int USER_PROPERTY = 0x26;

  private UserProperties() {}

  /** Writes them, in their order. */
  public static Buffer encode(Map<String, String> properties) {
    var bytes = Buffer.buffer();
    properties.forEach(
        (name, value) -> {
          var _ = bytes.appendByte((byte) USER_PROPERTY);
          append(bytes, name);
          append(bytes, value);
        });
    return bytes;
  }

  private static void append(Buffer bytes, String text) {
    var encoded = Buffer.buffer(text);
    var _ = bytes.appendUnsignedShort(encoded.length()).appendBuffer(encoded);
  }

  /**
   * Reads them, in their order.
   *
   * @throws IllegalArgumentException if there is something else
   */
  public static Map<String, String> decode(Buffer bytes) {
    var properties = new LinkedHashMap<String, String>();
    try {
      int at = 0;
      while (at < bytes.length()) {
        if (bytes.getByte(at) != USER_PROPERTY) {
          throw new IllegalArgumentException("no user property");
        }
        var name = text(bytes, at + 1);
        at += 3 + bytes.getUnsignedShort(at + 1);
        properties.put(name, text(bytes, at));
        at += 2 + bytes.getUnsignedShort(at);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("user properties end too early", e);
    }
    return properties;
  }

  private static String text(Buffer bytes, int at) {
    return bytes.getString(at + 2, at + 2 + bytes.getUnsignedShort(at));
  }
}
