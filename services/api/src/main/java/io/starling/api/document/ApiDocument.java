package io.starling.api.document;

import io.starling.http.Endpoints;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The OpenAPI document of some routes. */
public final class ApiDocument {
  /** The files of {@code resources/openapi}, in the order in which they are shown. */
  public static final List<String> ROOMS =
      List.of(
          "oauth",
          "users",
          "devices",
          "diagnostics",
          "events",
          "history",
          "products",
          "customers",
          "imports",
          "ledgers",
          "env",
          "secrets",
          "libraries",
          "logic",
          "teams",
          "orgs",
          "integrations",
          "audit",
          "usage",
          "document");

  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final String JSON = "application/json";
  private static final Map<String, String> OTHER_BODIES =
      Map.of(
          "text",
          "text/plain",
          "page",
          "text/html",
          "events",
          "text/event-stream",
          "archive",
          "application/gzip");

  /** What any route may answer; with a token and with something in its path it may answer more. */
  private static final Map<String, String> ALWAYS =
      Map.of(
          "400", "Something is missing or wrong",
          "408", "The body or the device took too long",
          "413", "The body is too large",
          "415", "Bodies of this kind are not taken",
          "429", "Too many requests: again after Retry-After seconds",
          "500", "A mistake of the server",
          "503", "Not available for now: again after Retry-After seconds");

  private final List<Room> rooms;
  private final List<Endpoints.Route> routes;

  /** Of these routes. */
  public ApiDocument(List<Endpoints.Route> routes) {
    this.routes = List.copyOf(routes);
    this.rooms = ROOMS.stream().map(Room::read).toList();
  }

  List<Room> rooms() {
    return rooms;
  }

  /** The routes of which nothing is told, as method and pattern. */
  public List<String> untold() {
    return routes.stream().map(ApiDocument::name).filter(name -> told(name).isEmpty()).toList();
  }

  /** What is told of routes that there are not. */
  public List<String> gone() {
    var names = routes.stream().map(ApiDocument::name).toList();
    return rooms.stream()
        .flatMap(room -> room.routes().keySet().stream())
        .filter(name -> !names.contains(name))
        .toList();
  }

  /** The route in words, with its scope. */
  Optional<Endpoints.Route> route(String name) {
    return routes.stream().filter(route -> name(route).equals(name)).findFirst();
  }

  private static String name(Endpoints.Route route) {
    return route.method() + " " + route.pattern();
  }

  private Optional<Room> told(String name) {
    return rooms.stream().filter(room -> room.routes().containsKey(name)).findFirst();
  }

  /** What the document says of a route; empty if nothing is told of it. */
  public Optional<JsonObject> operation(Endpoints.Route route) {
    var path = new Templates(routes).path(route.pattern());
    return told(name(route)).map(room -> operation(route, path, room));
  }

  /** The document. */
  public JsonObject json() {
    var templates = new Templates(routes);
    var paths = new JsonObject();
    for (var route : routes) {
      told(name(route))
          .ifPresent(
              room -> {
                String path = templates.path(route.pattern());
                if (!paths.containsKey(path)) {
                  paths.put(path, new JsonObject());
                }
                paths
                    .getJsonObject(path)
                    .put(route.method().toLowerCase(Locale.ROOT), operation(route, path, room));
              });
    }
    return new JsonObject()
        .put("openapi", "3.1.1")
        .put(
            "info",
            new JsonObject()
                .put("title", "Starling")
                .put("version", "1")
                .put("description", "Devices, their events, and what is to happen with them."))
        .put("tags", tags())
        .put("paths", paths)
        .put("components", components());
  }

  private JsonArray tags() {
    var tags = new ArrayList<JsonObject>();
    for (var room : rooms) {
      tags.add(new JsonObject().put("name", room.title()).put("description", room.about()));
    }
    return new JsonArray(tags);
  }

  private JsonObject components() {
    var schemas = new JsonObject();
    for (var room : rooms) {
      for (String name : room.shapes().fieldNames()) {
        if (schemas.containsKey(name)) {
          throw new IllegalStateException("two shapes are called " + name);
        }
        schemas.put(name, Shape.schema(room.shapes().getValue(name)));
      }
    }
    return new JsonObject()
        .put("schemas", schemas)
        .put(
            "securitySchemes",
            new JsonObject()
                .put("token", new JsonObject().put("type", "http").put("scheme", "bearer")));
  }

  private static JsonObject operation(Endpoints.Route route, String path, Room room) {
    var told = room.told(name(route));
    var scope = route.scope();
    var operation =
        new JsonObject()
            .put("operationId", operationId(route))
            .put("tags", new JsonArray().add(room.title()))
            .put("summary", told.getString("summary"))
            .put("responses", responses(route, told.getJsonObject("replies")))
            .put(
                "security",
                scope == null
                    ? new JsonArray()
                    : new JsonArray()
                        .add(new JsonObject().put("token", new JsonArray().add(scope.text()))));
    if (told.containsKey("about")) {
      operation.put("description", told.getString("about"));
    }
    var parameters = parameters(path, told.getJsonObject("query", new JsonObject()));
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    if (told.containsKey("body")) {
      var schema = schema(told.getValue("body"));
      operation.put(
          "requestBody",
          new JsonObject()
              .put(
                  "content",
                  new JsonObject()
                      .put(JSON, schema)
                      .put("application/x-www-form-urlencoded", schema)));
    }
    return operation;
  }

  private static String operationId(Endpoints.Route route) {
    return route.method().toLowerCase(Locale.ROOT)
        + route
            .pattern()
            .replace("*", "prefix")
            .replace(".", "_")
            .replace('/', '_')
            .replace(":", "");
  }

  private static JsonArray parameters(String path, JsonObject query) {
    var parameters = new JsonArray();
    var inPath = PARAMETER.matcher(path);
    while (inPath.find()) {
      parameters.add(parameter(inPath.group(1), "path").put("required", true));
    }
    for (String name : query.fieldNames()) {
      parameters.add(parameter(name, "query").put("description", query.getString(name)));
    }
    return parameters;
  }

  private static JsonObject parameter(String name, String in) {
    return new JsonObject()
        .put("name", name)
        .put("in", in)
        .put("schema", new JsonObject().put("type", "string"));
  }

  private static JsonObject responses(Endpoints.Route route, JsonObject replies) {
    var responses = new JsonObject();
    ALWAYS.forEach((status, text) -> responses.put(status, response(text, "@Error")));
    if (route.scope() != null) {
      responses.put("401", response("The token is not good, or not any more", "@Error"));
      responses.put("403", response("Not allowed, or not the caller's", "@Error"));
    }
    if (route.pattern().contains(":") || route.pattern().contains("*")) {
      responses.put("404", response("Nothing of this name is the caller's", "@Error"));
    }
    for (String status : replies.fieldNames()) {
      responses.put(
          status, response(status.startsWith("2") ? "Done" : "Refused", replies.getValue(status)));
    }
    return responses;
  }

  private static JsonObject response(String text, Object shape) {
    var response = new JsonObject().put("description", text);
    if (shape.equals("empty")) {
      return response;
    }
    var content = new JsonObject();
    if (shape instanceof String word && OTHER_BODIES.containsKey(word)) {
      content.put(OTHER_BODIES.get(word), schema("string"));
    } else if (shape instanceof JsonObject several && several.containsKey(JSON)) {
      several.forEach(type -> content.put(type.getKey(), schema(type.getValue())));
    } else {
      content.put(JSON, schema(shape));
    }
    return response.put("content", content);
  }

  private static JsonObject schema(Object shape) {
    return new JsonObject().put("schema", Shape.schema(shape));
  }
}
