package io.starling.api.document;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one file of {@code resources/openapi} says.
 *
 * @param shapes by name
 * @param routes what is told of each, by method and pattern
 */
record Room(
    String name, String title, String about, JsonObject shapes, Map<String, JsonObject> routes) {

  static Room read(String name) {
    String path = "/openapi/" + name + ".json";
    try (var file = Room.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException(path + " is missing");
      }
      var json = new JsonObject(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      return new Room(
          name,
          json.getString("title"),
          json.getString("about", ""),
          json.getJsonObject("shapes", new JsonObject()),
          routes(json.getJsonObject("routes")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonObject told(String route) {
    return routes.getOrDefault(route, new JsonObject());
  }

  /** One line may tell of several patterns of a method. */
  private static Map<String, JsonObject> routes(JsonObject lines) {
    var routes = new LinkedHashMap<String, JsonObject>();
    for (String line : lines.fieldNames()) {
      String method = line.substring(0, line.indexOf(' '));
      for (String pattern : line.substring(method.length() + 1).split(",", -1)) {
        routes.put(method + " " + pattern.strip(), lines.getJsonObject(line));
      }
    }
    return routes;
  }
}
