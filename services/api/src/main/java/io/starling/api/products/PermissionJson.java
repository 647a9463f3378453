package io.starling.api.products;

import io.starling.contract.TopicPermission;
import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Permissions as they are sent. Whatever is not understood is refused: it might deny something. */
final class PermissionJson {
  private static final String LIST = "permissions";
  private static final Set<String> FIELDS = Set.of("effect", "action", "filter");

  private PermissionJson() {}

  /**
   * Reads a body.
   *
   * @throws IllegalArgumentException if it cannot be used, with a text to show
   */
  static List<TopicPermission> read(JsonObject body) {
    if (!body.fieldNames().equals(Set.of(LIST))
        || !(body.getValue(LIST) instanceof JsonArray array)) {
      throw new IllegalArgumentException("permissions must be there, an array, and nothing else");
    }
    if (array.size() > TopicPermission.MAX_RULES) {
      throw new IllegalArgumentException(
          "permissions must not be more than " + TopicPermission.MAX_RULES);
    }
    var permissions = new ArrayList<TopicPermission>(array.size());
    for (int i = 0; i < array.size(); i++) {
      try {
        permissions.add(one(array.getValue(i)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("permissions[" + i + "]: " + e.getMessage(), e);
      }
    }
    return permissions;
  }

  private static TopicPermission one(Object value) {
    if (!(value instanceof JsonObject rule) || !rule.fieldNames().equals(FIELDS)) {
      throw new IllegalArgumentException("must have effect, action and filter, and nothing else");
    }
    return new TopicPermission(
        word(rule, "effect", Effect.values()),
        word(rule, "action", Action.values()),
        text(rule, "filter"));
  }

  private static String text(JsonObject rule, String field) {
    if (rule.getValue(field) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(field + " must be a text");
  }

  private static <E extends Enum<E>> E word(JsonObject rule, String field, E[] words) {
    String text = text(rule, field);
    return Arrays.stream(words)
        .filter(word -> lower(word).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    field
                        + " must be one of "
                        + String.join(
                            ", ", Arrays.stream(words).map(PermissionJson::lower).toList())));
  }

  private static String lower(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
