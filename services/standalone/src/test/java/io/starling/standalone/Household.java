package io.starling.standalone;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.standalone.Web.Ask;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An account that has one of everything: by the beginning of a path and the name of what stands in
 * it, what its own is called there.
 */
final class Household {
  static final String PASSWORD = "long enough";
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final String PRODUCT = "/v1/products/";
  private static final String ORGANIZATION = "/v1/orgs/";

  private final Web web;
  private final String name;
  private final String email;
  private final String token;
  private final Map<String, String> things = new LinkedHashMap<>();

  private Household(Web web, String name) {
    this.web = web;
    this.name = name;
    this.email = name + "@household.example";
    web.done("POST", "/v1/users", "", json("username", email, "password", PASSWORD));
    this.token = logIn(web, email);
  }

  private static String logIn(Web web, String email) {
    String form =
        "grant_type=password&client_id=particle&client_secret=particle&username=%s&password=%s"
            .formatted(Web.escaped(email), Web.escaped(PASSWORD));
    return web.done(new Ask("POST", "/oauth/token", "", Web.FORM, form)).getString("access_token");
  }

  /** An account of its own with one of everything. */
  static Household furnished(Web web, String name) {
    var household = new Household(web, name);
    household.product();
    household.own();
    household.organization();
    return household;
  }

  /** A product with all that products have. */
  private void product() {
    var settings = json("name", name + " product", "platform_id", 0);
    int product =
        post("/v1/user/products", json("product", settings))
            .getJsonObject("product")
            .getInteger("id");
    String base = PRODUCT + product;
    things.put("product", "" + product);
    String device = device(base);
    things.put("device", device);
    things.put("scope", device);
    things.put("serial", name + "-serial");
    put(base + "/devices/" + device, json("serial_number", name + "-serial"));
    things.put("group", name + "-group");
    post(base + "/groups", json("name", name + "-group"));
    var client =
        post(base + "/clients", json("name", name, "type", "installed")).getJsonObject("client");
    things.put(PRODUCT + "client", client.getString("id"));
    things.put("client_secret", client.getString("secret"));
    things.put("email", "customer-of-" + email);
    post(
        base + "/customers",
        json(
            "email",
            "customer-of-" + email,
            "password",
            PASSWORD,
            "client_id",
            client.getString("id"),
            "client_secret",
            client.getString("secret")));
    integration(PRODUCT, base + "/integrations");
    put(base + "/env/" + name, json("value", "v"));
    things.put(
        PRODUCT + "username",
        post(base + "/team", json("friendly_name", "api", "scopes", array("devices:list")))
            .getJsonObject("created")
            .getString("username"));
    things.put("import", imported(base + "/imports"));
  }

  private String device(String product) {
    return post(product + "/devices/bulk", json("count", 1))
        .getJsonArray("devices")
        .getJsonObject(0)
        .getString("id");
  }

  private String imported(String path) {
    String file =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n%s\r\n--x--\r\n"
            .formatted("e00fce68aaaaaaaaaaaaaaaa");
    var reply = web.done(new Ask("POST", path, token, "multipart/form-data; boundary=x", file));
    return String.valueOf(reply.getJsonObject("import").getValue("id"));
  }

  private void secret(String path) {
    String secret = name.toUpperCase(Locale.ROOT);
    things.put("secret name", secret);
    post(path, json("secret", json("name", secret, "value", "v")));
  }

  private void integration(String area, String path) {
    String id =
        post(path, json("event", "never-sent", "url", "https://127.0.0.1:1/")).getString("id");
    things.put(area + "integration", id);
    things.put(area + "signing key", post(path + "/" + id + "/keys", json()).getString("id"));
  }

  /** What the account itself has. */
  private void own() {
    things.put(
        "client",
        post("/v1/clients", json("name", name, "type", "installed"))
            .getJsonObject("client")
            .getString("id"));
    integration("", "/v1/integrations");
    things.put("key", name);
    put("/v1/env/" + name, json("value", "v"));
    put("/v1/env/" + thing("device") + "/" + name, json("value", "v"));
    secret("/v1/secrets");
    things.put("version", ledger("/v1/ledgers", thing("device")));
    things.put("token", logIn(web, email));
  }

  /** A ledger with an instance of a device; answers a version of that. */
  private String ledger(String path, String device) {
    var ledger = json("name", name + "-ledger", "scope", "Device", "direction", "Downstream");
    things.put("ledger", name + "-ledger");
    post(path, json("ledger", ledger));
    String instance = path + "/" + name + "-ledger/instances/" + device;
    put(instance, json("instance", json("data", json("a", 1))));
    put(instance, json("instance", json("data", json("a", 2))));
    var versions = web.done(Ask.of("GET", instance + "/versions", token, null));
    return String.valueOf(versions.getJsonArray("versions").getJsonObject(0).getValue("version"));
  }

  private void organization() {
    String slug =
        post("/v1/orgs", json("name", name + " organization"))
            .getJsonObject("organization")
            .getString("slug");
    things.put("org", slug);
    String base = ORGANIZATION + slug;
    int product =
        post(base + "/products", json("product", json("name", name + " theirs", "platform_id", 0)))
            .getJsonObject("product")
            .getInteger("id");
    String device = device(PRODUCT + product);
    things.put(ORGANIZATION + "scope", device);
    things.put(ORGANIZATION + "version", ledger(base + "/ledgers", device));
    integration(ORGANIZATION, base + "/integrations");
    secret(base + "/secrets");
    put(base + "/env/" + name, json("value", "v"));
    String colleague = "colleague-of-" + email;
    web.done("POST", "/v1/users", "", json("username", colleague, "password", PASSWORD));
    things.put(ORGANIZATION + "username", colleague);
    post(base + "/team", json("username", colleague, "role", "support"));
  }

  /** Asks for a device of another account, which is to decide. */
  void asksFor(Household owner) {
    String transfer =
        post("/v1/devices", json("id", owner.thing("device"), "request_transfer", true))
            .getString("transfer_id");
    owner.things.put("transfer", transfer);
  }

  String email() {
    return email;
  }

  String token() {
    return token;
  }

  /** What a thing is called. */
  String thing(String what) {
    return value("", what);
  }

  /** What stands for this in that path; the name itself if there is nothing so called. */
  String value(String path, String what) {
    String area =
        path.startsWith(PRODUCT) ? PRODUCT : path.startsWith(ORGANIZATION) ? ORGANIZATION : "";
    String kind =
        switch (what) {
          case "device_or_key" -> "device";
          case "key" -> path.contains("/{integration}/") ? "signing key" : what;
          case "name" -> path.contains("/secrets/") ? "secret name" : what;
          default -> what;
        };
    return things.getOrDefault(area + kind, things.getOrDefault(kind, what));
  }

  /** The path with what this account has. */
  String path(Operation operation) {
    // What is set there by itself is a key.
    String path =
        operation.method().matches("PUT|DELETE")
            ? operation.path().replace("{device_or_key}", "{key}")
            : operation.path();
    for (String what : PARAMETER.matcher(path).results().map(it -> it.group(1)).toList()) {
      path = path.replace("{" + what + "}", Web.escaped(value(operation.path(), what)));
    }
    return path;
  }

  @CanIgnoreReturnValue
  private JsonObject post(String path, JsonObject body) {
    return web.done("POST", path, token, body);
  }

  private void put(String path, JsonObject body) {
    web.done("PUT", path, token, body);
  }

  /** An object of names and values in turn. */
  static JsonObject json(Object... namesAndValues) {
    var json = new JsonObject();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      json.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
    }
    return json;
  }

  static JsonArray array(Object... values) {
    return new JsonArray(java.util.Arrays.asList(values));
  }
}
