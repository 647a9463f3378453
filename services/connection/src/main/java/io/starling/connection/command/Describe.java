package io.starling.connection.command;

import io.starling.contract.GatewayReply.Description;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a device says of itself: {@code {"functions": ["led"], "variables": {"temp":
 * "double"}, "firmware": {"product": 7, "version": 3, "hash": "…"}, "platform": "photon"}}, all of
 * it optional.
 */
final class Describe {
  private static final int MAX_BYTES = 8 * 1024;
  private static final int MAX_NAME_BYTES = 64;
  private static final Set<String> TYPES = Set.of("int32", "double", "string", "bool");

  private Describe() {}

  /** The description; empty if it is too long or not understood. */
  static Optional<Description> read(Buffer payload) {
    if (payload.length() > MAX_BYTES) {
      return Optional.empty();
    }
    try {
      var json = new JsonObject(payload);
      var firmware = json.getJsonObject("firmware", new JsonObject());
      return Optional.of(
          new Description(
              functions(json.getJsonArray("functions", new JsonArray())),
              variables(json.getJsonObject("variables", new JsonObject())),
              platform(json.getValue("platform")),
              firmware.getInteger("product"),
              firmware.getInteger("version"),
              (String) firmware.getValue("hash")));
    } catch (DecodeException | ClassCastException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<String> functions(JsonArray names) {
    var functions = new ArrayList<String>(names.size());
    for (Object name : names) {
      functions.add(named((String) name));
    }
    return List.copyOf(functions);
  }

  private static Map<String, String> variables(JsonObject types) {
    var variables = new LinkedHashMap<String, String>();
    for (var entry : types) {
      if (!(entry.getValue() instanceof String type) || !TYPES.contains(type)) {
        throw new IllegalArgumentException("no type of a variable");
      }
      variables.put(named(entry.getKey()), type);
    }
    return variables;
  }

  private static @Nullable String platform(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  private static String named(@Nullable String name) {
    if (name == null || !isName(name)) {
      throw new IllegalArgumentException("no name");
    }
    return name;
  }

  /** Tells whether a text can be a function's or a variable's name: one level of a topic name. */
  static boolean isName(String name) {
    if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '/' || c == '+' || c == '#' || c < ' ') {
        return false;
      }
    }
    return true;
  }
}
