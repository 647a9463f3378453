package io.starling.standalone;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the API's document says of a route.
 *
 * @param path with {@code {name}} for what stands for something
 * @param open whether anybody may ask
 * @param query names of parameters
 * @param body the schema of the body, its references resolved; null if none is told of
 */
record Operation(
    String method, String path, boolean open, List<String> query, @Nullable JsonObject body) {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final String REFERENCE = "#/components/schemas/";

  /** All that the document tells of. */
  static List<Operation> all(JsonObject document) {
    var schemas = document.getJsonObject("components").getJsonObject("schemas");
    var all = new ArrayList<Operation>();
    var paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      var item = paths.getJsonObject(path);
      for (String method : item.fieldNames()) {
        all.add(of(method.toUpperCase(Locale.ROOT), path, item.getJsonObject(method), schemas));
      }
    }
    return List.copyOf(all);
  }

  private static Operation of(String method, String path, JsonObject told, JsonObject schemas) {
    var query =
        told.getJsonArray("parameters", new JsonArray()).stream()
            .map(JsonObject.class::cast)
            .filter(parameter -> parameter.getString("in").equals("query"))
            .map(parameter -> parameter.getString("name"))
            .toList();
    var request = told.getJsonObject("requestBody");
    var schema =
        request == null
            ? null
            : request
                .getJsonObject("content")
                .getJsonObject("application/json")
                .getJsonObject("schema");
    return new Operation(
        method,
        path,
        told.getJsonArray("security").isEmpty(),
        query,
        schema == null ? null : resolved(schema, schemas));
  }

  private static JsonObject resolved(JsonObject schema, JsonObject schemas) {
    if (schema.getString("$ref") instanceof String reference) {
      return resolved(schemas.getJsonObject(reference.substring(REFERENCE.length())), schemas);
    }
    var copy = new JsonObject();
    for (var field : schema) {
      copy.put(
          field.getKey(),
          field.getValue() instanceof JsonObject inner
              ? resolved(inner, schemas)
              : field.getValue());
    }
    return copy;
  }

  /** The names of what stands in its path, in order. */
  List<String> inPath() {
    return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
  }

  /** Whether it changes something. */
  boolean isWrite() {
    return !method.equals("GET");
  }

  String name() {
    return method + " " + path;
  }
}
