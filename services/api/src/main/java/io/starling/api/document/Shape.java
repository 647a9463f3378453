package io.starling.api.document;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;

/**
 * How JSON looks, in short, and the JSON Schema (2020-12) that it stands for.
 *
 * <p>An object has its fields as they are, {@code "name?"} if one may be absent; {@code {"*": …}}
 * has any names; {@code […]} is an array of such. Words: {@code string integer number boolean null
 * object any time}, {@code @Name} for a named shape, {@code 'word'} for itself; several with {@code
 * |} between.
 */
public final class Shape {
  private static final String ANY_NAME = "*";

  private Shape() {}

  /** The schema of a shape. */
  static JsonObject schema(Object shape) {
    return switch (shape) {
      case String words -> ofWords(words);
      case JsonArray array ->
          new JsonObject().put("type", "array").put("items", schema(array.getValue(0)));
      case JsonObject object when object.containsKey(ANY_NAME) ->
          new JsonObject()
              .put("type", "object")
              .put("additionalProperties", schema(object.getValue(ANY_NAME)));
      case JsonObject object -> ofFields(object);
      default -> throw new IllegalArgumentException("no shape: " + shape);
    };
  }

  private static JsonObject ofFields(JsonObject fields) {
    var properties = new JsonObject();
    var required = new JsonArray();
    for (String field : fields.fieldNames()) {
      boolean optional = field.endsWith("?");
      String name = optional ? field.substring(0, field.length() - 1) : field;
      properties.put(name, schema(fields.getValue(field)));
      if (!optional) {
        required.add(name);
      }
    }
    var schema = new JsonObject().put("type", "object").put("properties", properties);
    return required.isEmpty() ? schema : schema.put("required", required);
  }

  private static JsonObject ofWords(String words) {
    var parts = Arrays.stream(words.split("\\|", -1)).map(Shape::ofWord).toList();
    return parts.size() == 1
        ? parts.getFirst()
        : new JsonObject().put("anyOf", new JsonArray(parts));
  }

  private static JsonObject ofWord(String word) {
    if (word.startsWith("@")) {
      return new JsonObject().put("$ref", "#/components/schemas/" + word.substring(1));
    }
    if (word.length() > 1 && word.startsWith("'") && word.endsWith("'")) {
      return new JsonObject().put("const", word.substring(1, word.length() - 1));
    }
    return switch (word) {
      case "any" -> new JsonObject();
      case "time" -> new JsonObject().put("type", "string").put("format", "date-time");
      case "string", "integer", "number", "boolean", "null", "object" ->
          new JsonObject().put("type", word);
      default -> throw new IllegalArgumentException("no word of shapes: " + word);
    };
  }
}
