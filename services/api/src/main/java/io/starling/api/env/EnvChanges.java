package io.starling.api.env;

import io.starling.contract.EnvRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What is to be changed.
 *
 * @param set by name
 * @param unset names
 */
record EnvChanges(Map<String, String> set, List<String> unset) {
  private static final int MOST_OPERATIONS = 50;

  /**
   * Reads operations, of which a later one counts more.
   *
   * @throws IllegalArgumentException if they are none, with what is wrong
   */
  static EnvChanges of(Object operations) {
    if (!(operations instanceof JsonArray list)
        || list.isEmpty()
        || list.size() > MOST_OPERATIONS) {
      throw new IllegalArgumentException("ops must be a list of 1 to " + MOST_OPERATIONS);
    }
    var set = new HashMap<String, String>();
    var unset = new TreeSet<String>();
    for (Object each : list) {
      if (!(each instanceof JsonObject operation)) {
        throw new IllegalArgumentException("each of ops must be an object");
      }
      String key = key(operation.getValue("key"));
      String what = String.valueOf(operation.getValue("op"));
      switch (what) {
        case "Set" -> {
          set.put(key, value(operation.getValue("value")));
          unset.remove(key);
        }
        case "Unset" -> {
          set.remove(key);
          unset.add(key);
        }
        default -> throw new IllegalArgumentException("op must be Set or Unset");
      }
    }
    return new EnvChanges(Map.copyOf(set), List.copyOf(unset));
  }

  static EnvChanges setting(String key, Object value) {
    return new EnvChanges(Map.of(key(key), value(value)), List.of());
  }

  static EnvChanges unsetting(String key) {
    return new EnvChanges(Map.of(), List.of(key(key)));
  }

  private static String key(Object key) {
    if (key instanceof String text && EnvRequest.NAME.matcher(text).matches()) {
      return text;
    }
    throw new IllegalArgumentException(
        "key must have 1 to 64 letters, digits and underscores, and not begin with a digit");
  }

  private static String value(Object value) {
    if (value instanceof String text
        && text.getBytes(StandardCharsets.UTF_8).length <= EnvRequest.MAX_VALUE_BYTES) {
      return text;
    }
    throw new IllegalArgumentException(
        "value must be a text of at most " + EnvRequest.MAX_VALUE_BYTES + " bytes");
  }
}
