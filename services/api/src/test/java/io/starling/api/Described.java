package io.starling.api;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.starling.api.document.ApiDocument;
import io.starling.http.Endpoints;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds the answers that tests see against what the API says of itself: one that it does not tell
 * of, or that looks otherwise, fails the test at once. Fields that are not told of are mistakes
 * here, though to clients they are none.
 */
final class Described {
  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final String WHERE = "services/api/src/main/resources/openapi";

  private final List<Endpoints.Route> routes;
  private final ApiDocument document;
  private final JsonObject components;

  Described(List<Endpoints.Route> routes) {
    this.routes = routes;
    this.document = new ApiDocument(routes);
    this.components = document.json().getJsonObject("components");
  }

  /** What was seen so far in this process, as summary and status. */
  static Set<String> seen() {
    return Set.copyOf(SEEN);
  }

  static String name(JsonObject operation, String status) {
    return operation.getString("summary") + ": " + status;
  }

  /** Looks at an answer; what no route gave is no concern of this. */
  void check(String method, String path, int status, String contentType, String body) {
    route(method, path).ifPresent(route -> check(route, status, contentType, body));
  }

  private void check(Endpoints.Route route, int status, String contentType, String body) {
    String told = Integer.toString(status);
    String type = contentType.replaceFirst(";.*", "");
    String name = route.method() + " " + route.pattern();
    var operation = document.operation(route);
    if (operation.isEmpty()) {
      throw new AssertionError(
          "%s is not described: add to the file of its room in %s, under \"routes\":%n%s"
              .formatted(name, WHERE, line(name, told, type, body)));
    }
    var response = operation.get().getJsonObject("responses").getJsonObject(told);
    if (response == null) {
      throw new AssertionError(
          "%s answered %s, which is not described: add in %s to its \"replies\":%n\"%s\": %s"
              .formatted(name, told, WHERE, told, shape(type, body)));
    }
    var content = response.getJsonObject("content", new JsonObject());
    if (type.isEmpty() ? !content.isEmpty() : !content.containsKey(type)) {
      throw new AssertionError(
          "%s answered %s with '%s', described is %s: say in %s:%n\"%s\": %s"
              .formatted(name, told, type, content.fieldNames(), WHERE, told, shape(type, body)));
    }
    if (type.equals("application/json")) {
      checkJson(name, told, content.getJsonObject(type).getJsonObject("schema"), body);
    }
    SEEN.add(name(operation.get(), told));
  }

  private void checkJson(String route, String status, JsonObject schema, String body) {
    var whole = closed(schema.copy()).put("components", closed(components.copy()));
    var mistakes = SCHEMAS.getSchema(whole.encode()).validate(body, InputFormat.JSON);
    if (!mistakes.isEmpty()) {
      throw new AssertionError(
          "%s answered %s otherwise than %s says: %s%nSeen was \"%s\": %s"
              .formatted(route, status, WHERE, mistakes, status, shape("application/json", body)));
    }
    if (status.compareTo("400") >= 0
        && !(Json.decodeValue(body) instanceof JsonObject error
            && (error.containsKey("error") || error.containsKey("errors")))) {
      throw new AssertionError(route + " answered " + status + " without saying why: " + body);
    }
  }

  /** The same schema that allows no fields of which it does not tell. */
  private static JsonObject closed(JsonObject schema) {
    close(schema);
    return schema;
  }

  private static void close(Object part) {
    if (part instanceof JsonArray array) {
      array.forEach(Described::close);
    } else if (part instanceof JsonObject schema) {
      schema.forEach(field -> close(field.getValue()));
      if (schema.getValue("properties") instanceof JsonObject
          && !schema.containsKey("additionalProperties")) {
        schema.put("additionalProperties", false);
      }
    }
  }

  private static String line(String route, String status, String type, String body) {
    return "\"%s\": {\"summary\": \"…\", \"replies\": {\"%s\": %s}}"
        .formatted(route, status, shape(type, body));
  }

  private static String shape(String type, String body) {
    return switch (type) {
      case "application/json" -> Json.encode(Seen.shape(Json.decodeValue(body)));
      case "text/plain" -> "\"text\"";
      case "text/html" -> "\"page\"";
      case "text/event-stream" -> "\"events\"";
      case "" -> "\"empty\"";
      default -> "a kind of body that Shape and ApiDocument do not know: " + type;
    };
  }

  private Optional<Endpoints.Route> route(String method, String path) {
    return routes.stream()
        .filter(route -> route.method().equals(method) && matches(route.pattern(), path))
        .findFirst();
  }

  private static boolean matches(String pattern, String path) {
    String[] wanted = pattern.split("/", -1);
    String[] given = path.replaceFirst("(.)/$", "$1").split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("*")) {
        return true;
      }
      boolean any = wanted[i].startsWith(":") && i < given.length && !given[i].isEmpty();
      if (i >= given.length || !(any || wanted[i].equals(given[i]))) {
        return false;
      }
    }
    return wanted.length == given.length;
  }
}
