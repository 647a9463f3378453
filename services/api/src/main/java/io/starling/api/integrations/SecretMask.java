package io.starling.api.integrations;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of a configuration are not shown again: the password in {@code auth}, the key in {@code
 * tls}, the client's secret in {@code oauth2}, and headers whose name says that they hold one. Who
 * saves what was shown saves the secrets that are there already.
 */
final class SecretMask {
  /** Stands where a secret is. */
  static final String MASK = "********";

  private static final List<String> PARTS = List.of("auth", "headers", "tls", "oauth2");

  private static final Pattern SECRET =
      Pattern.compile("auth|cookie|token|secret|passw|signature|api-?key|access-?key", 2);

  private SecretMask() {}

  /** A copy of a configuration without its secrets. */
  static JsonObject hide(JsonObject configuration) {
    var shown = configuration.copy();
    for (String part : PARTS) {
      var values = object(configuration, part);
      if (values != null) {
        var masked = values.copy();
        for (String name : values.fieldNames()) {
          if (isSecret(part, name) && values.getValue(name) != null) {
            masked.put(name, MASK);
          }
        }
        shown.put(part, masked);
      }
    }
    return shown;
  }

  /** A copy of what was sent, with the secrets of the one before it where it has the mask. */
  static JsonObject fill(JsonObject sent, JsonObject before) {
    var filled = sent.copy();
    for (String part : PARTS) {
      var values = object(sent, part);
      var known = object(before, part);
      if (values != null && known != null) {
        filled.put(part, full(part, values, known));
      }
    }
    return filled;
  }

  private static JsonObject full(String part, JsonObject values, JsonObject known) {
    var full = values.copy();
    for (String name : values.fieldNames()) {
      if (isSecret(part, name) && MASK.equals(values.getValue(name)) && known.containsKey(name)) {
        if (isMeantFor(part, values, known)) {
          full.put(name, known.getValue(name));
        } else {
          full.remove(name);
        }
      }
    }
    return full;
  }

  /** Who may change where tokens are asked for may not have an unseen secret sent there. */
  private static boolean isMeantFor(String part, JsonObject values, JsonObject known) {
    return !part.equals("oauth2")
        || Objects.equals(values.getValue("tokenUrl"), known.getValue("tokenUrl"));
  }

  private static boolean isSecret(String part, String name) {
    return switch (part) {
      case "auth" -> !name.equals("username");
      case "tls" -> name.equals("key");
      case "oauth2" -> name.equals("clientSecret");
      default -> SECRET.matcher(name).find();
    };
  }

  /** As it is, or as a text; null if it is none. */
  private static @Nullable JsonObject object(JsonObject configuration, String name) {
    try {
      return switch (configuration.getValue(name)) {
        case JsonObject object -> object;
        case String text -> new JsonObject(text);
        case null, default -> null;
      };
    } catch (DecodeException _) {
      return null;
    }
  }
}
