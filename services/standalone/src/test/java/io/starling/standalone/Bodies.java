package io.starling.standalone;

import static io.starling.standalone.Household.array;
import static io.starling.standalone.Household.json;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Bodies that are right for a route, made from its schema and from what a household has. */
final class Bodies {
  /** Of these, what is asked for depends on the route. */
  private static final Map<String, Object> BY_ROUTE =
      Map.ofEntries(
          Map.entry("PUT /v1/devices/transfers/{transfer} action", "decline"),
          Map.entry("POST /v1/user/transfer/confirm action", "decline"),
          Map.entry("PUT /v1/products/{product}/permissions action", "publish"),
          Map.entry("PUT /v1/products/{product}/devices action", "groups"),
          Map.entry("POST /v1/ledgers scope", "Device"),
          Map.entry("POST /v1/orgs/{org}/ledgers scope", "Device"),
          Map.entry("POST /oauth/token scope", ""),
          Map.entry("PUT /v1/products/{product} product", json("description", "told")),
          Map.entry("POST /v1/products/{product}/customers grant_type", "client_credentials"),
          Map.entry("PUT /v1/orgs/{org}/secrets/{name} secret", json("value", "new")),
          Map.entry("PUT /v1/secrets/{name} secret", json("value", "new")));

  private static final Map<String, Object> BY_NAME =
      Map.ofEntries(
          Map.entry("password", Household.PASSWORD),
          Map.entry("current_password", Household.PASSWORD),
          Map.entry("grant_type", "password"),
          Map.entry("client_id", "particle"),
          Map.entry("client_secret", "particle"),
          Map.entry("expires_in", 3_600),
          Map.entry("expires_at", "2999-01-01"),
          Map.entry("url", "https://127.0.0.1:1/"),
          Map.entry("redirect_uri", "https://app.example/back"),
          Map.entry("event", "never-sent"),
          Map.entry("type", "installed"),
          Map.entry("role", "support"),
          Map.entry("scopes", array("devices:list")),
          Map.entry("scope", ""),
          Map.entry("direction", "Downstream"),
          Map.entry("color", "#aabbcc"),
          Map.entry("effect", "deny"),
          Map.entry("filter", "cold/#"),
          Map.entry("count", 1),
          Map.entry("signal", "1"),
          Map.entry("requestType", "POST"),
          Map.entry("integration_type", "Webhook"),
          Map.entry("headers", json("X-A", "b")),
          Map.entry("query", json("a", "b")),
          Map.entry("body", "{{{PARTICLE_EVENT_VALUE}}}"),
          Map.entry("auth", json("username", "a", "password", "b")),
          Map.entry("responseTemplate", "{{{x}}}"),
          Map.entry("data", json("a", 3)),
          Map.entry("ttl", 60),
          Map.entry("private", true),
          Map.entry("algorithm", "rsa"));

  /** What may be left out, but not all of it: one way to ask for something, in each route. */
  private static final Map<String, Set<String>> ONE_WAY =
      Map.ofEntries(
          Map.entry(
              "POST /oauth/token", Set.of("client_id", "client_secret", "username", "password")),
          Map.entry("POST /oauth/revoke", Set.of("client_id", "client_secret")),
          Map.entry("POST /oauth/device_authorization", Set.of("client_id", "client_secret")),
          Map.entry(
              "POST /v1/products/{product}/customers",
              Set.of("password", "client_id", "client_secret")),
          Map.entry(
              "POST /v1/products/{product}/customers/reset_password",
              Set.of("client_id", "client_secret")),
          Map.entry("PUT /v1/user", Set.of("account_info")),
          Map.entry("PUT /v1/clients/{client}", Set.of("name")),
          Map.entry("PUT /v1/products/{product}/clients/{client}", Set.of("name")),
          Map.entry("PUT /v1/devices/{device}", Set.of("name")),
          Map.entry("PUT /v1/products/{product}/devices/{device}", Set.of("name")),
          Map.entry("POST /v1/products/{product}/devices", Set.of("id")),
          Map.entry("POST /v1/products/{product}/team", Set.of("friendly_name", "scopes")),
          Map.entry("PUT /v1/products/{product}/team/{username}", Set.of("scopes")),
          Map.entry("POST /v1/devices", Set.of("product_id")),
          Map.entry("PATCH /v1/env", Set.of("value")),
          Map.entry("PATCH /v1/orgs/{org}/env", Set.of("value")),
          Map.entry("PATCH /v1/env/{device_or_key}", Set.of("value")),
          Map.entry("PATCH /v1/products/{product}/env", Set.of("value")));

  private static final AtomicInteger NEXT = new AtomicInteger();

  private Bodies() {}

  /** With all that must be there and, if so, all else. */
  static JsonObject right(Operation operation, Household household, boolean whole) {
    var schema = operation.body();
    return schema == null
        ? new JsonObject()
        : (JsonObject) value(operation, household, "", schema, whole);
  }

  private static Object value(
      Operation operation, Household household, String name, JsonObject schema, boolean whole) {
    var known = known(operation, household, name);
    if (known != null) {
      return known;
    }
    if (schema.getJsonArray("anyOf") instanceof JsonArray several) {
      return value(operation, household, name, several.getJsonObject(0), whole);
    }
    if (schema.containsKey("const")) {
      return schema.getValue("const");
    }
    return switch (schema.getString("type", "any")) {
      case "object" -> object(operation, household, schema, whole);
      case "array" ->
          array(value(operation, household, name, schema.getJsonObject("items"), whole));
      case "integer", "number" -> schema.getValue("minimum", 1);
      case "boolean" -> false;
      default -> "text" + NEXT.incrementAndGet();
    };
  }

  private static JsonObject object(
      Operation operation, Household household, JsonObject schema, boolean whole) {
    var required = schema.getJsonArray("required", new JsonArray());
    var all = new JsonObject();
    var properties = schema.getJsonObject("properties", new JsonObject());
    for (String name : properties.fieldNames()) {
      boolean one = ONE_WAY.getOrDefault(operation.name(), Set.of()).contains(name);
      if (whole || required.contains(name) || one) {
        all.put(name, value(operation, household, name, properties.getJsonObject(name), whole));
      }
    }
    return all;
  }

  private static @Nullable Object known(Operation operation, Household household, String name) {
    var byRoute = BY_ROUTE.get(operation.name() + " " + name);
    if (byRoute != null) {
      return byRoute instanceof JsonObject object ? object.copy() : byRoute;
    }
    int number = NEXT.incrementAndGet();
    return switch (name) {
      case "email" -> "new%d@household.example".formatted(number);
      case "username" ->
          operation.name().equals("POST /v1/users")
              ? "new%d@household.example".formatted(number)
              : operation.path().contains("/team")
                  ? household.value("/v1/orgs/", "username")
                  : household.email();
      case "name", "key" -> (operation.path().contains("secrets") ? "N" : "n") + number;
      case "id", "deviceID" -> household.thing("device");
      case "devices", "ids" -> array(household.thing("device"));
      case "product_id" -> Integer.valueOf(household.thing("product"));
      case "groups", "add" -> array(household.thing("group"));
      case "serial_number" -> household.thing("serial");
      case "client_id", "client_secret" ->
          operation.path().contains("/customers")
              ? household.value(
                  name.equals("client_id") ? "/v1/products/" : "",
                  name.equals("client_id") ? "client" : name)
              : BY_NAME.get(name);
      default -> {
        var value = BY_NAME.get(name);
        yield value instanceof JsonObject object
            ? object.copy()
            : value instanceof JsonArray array ? array.copy() : value;
      }
    };
  }

  /**
   * Where texts stand in a body, from its schema; each step is a name, or an empty one of a list.
   */
  static List<List<String>> texts(Operation operation) {
    var found = new ArrayList<List<String>>();
    if (operation.body() != null) {
      texts(operation.body(), List.of(), found);
    }
    return found;
  }

  private static void texts(JsonObject schema, List<String> where, List<List<String>> found) {
    boolean known = schema.containsKey("properties") || schema.containsKey("items");
    if (!known) {
      // Whatever it is said to be, a text may come.
      found.add(where);
    }
    if (schema.getJsonObject("properties") instanceof JsonObject properties) {
      for (String name : properties.fieldNames()) {
        texts(properties.getJsonObject(name), with(where, name), found);
      }
    }
    if (schema.getJsonObject("items") instanceof JsonObject items) {
      texts(items, with(where, ""), found);
    }
  }

  private static List<String> with(List<String> where, String step) {
    var more = new ArrayList<>(where);
    more.add(step);
    return List.copyOf(more);
  }

  /** The same body with something else there. */
  static JsonObject with(JsonObject body, List<String> where, Object value) {
    return (JsonObject) put(body, where, value);
  }

  private static Object put(@Nullable Object part, List<String> where, Object value) {
    if (where.isEmpty()) {
      return value;
    }
    var rest = where.subList(1, where.size());
    if (where.getFirst().isEmpty()) {
      Object first = part instanceof JsonArray array && !array.isEmpty() ? array.getValue(0) : null;
      return array(put(first, rest, value));
    }
    var copy = part instanceof JsonObject object ? object.copy() : new JsonObject();
    return copy.put(where.getFirst(), put(copy.getValue(where.getFirst()), rest, value));
  }
}
