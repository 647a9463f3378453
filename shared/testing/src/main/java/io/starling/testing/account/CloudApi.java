package io.starling.testing.account;

import io.starling.testing.client.Credentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The REST calls that the tools need, as one user. A future fails with the method, the path and
 * what the server answered. Each call takes 30 s at most; none is repeated.
 */
public final class CloudApi {
  private static final int MOST_DEVICES_AT_ONCE = 1_000;
  private static final long LIMIT_SECONDS = 30;

  private final HttpClient client;
  private final String url;
  private final String token;

  private CloudApi(HttpClient client, String url, String token) {
    this.client = client;
    this.url = url;
    this.token = token;
  }

  /** Logs in with e-mail and password. */
  public static Future<CloudApi> logIn(Vertx vertx, String url, String email, String password) {
    var client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(5_000));
    var form =
        "grant_type=password&client_id=particle&client_secret=particle&username=%s&password=%s"
            .formatted(encode(email), encode(password));
    var request =
        new RequestOptions().putHeader("content-type", "application/x-www-form-urlencoded");
    return send(client, request, HttpMethod.POST, url, "/oauth/token", form)
        .map(answer -> new CloudApi(client, url, answer.getString("access_token")));
  }

  /** Makes an account; fails if it cannot be made. */
  public static Future<Void> signUp(Vertx vertx, String url, String email, String password) {
    var client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(5_000));
    var body = new JsonObject().put("username", email).put("password", password).encode();
    var request = new RequestOptions().putHeader("content-type", "application/json");
    return send(client, request, HttpMethod.POST, url, "/v1/users", body)
        .eventually(client::close)
        .mapEmpty();
  }

  /** Makes a product of this user; its id. */
  public Future<String> createProduct(String name) {
    var product = new JsonObject().put("name", name).put("platform_id", 0);
    return post("/v1/user/products", new JsonObject().put("product", product))
        .map(made -> String.valueOf(made.getJsonObject("product").getValue("id")));
  }

  /** Logs in as the account of {@code demo.env}. */
  public static Future<CloudApi> logIn(Vertx vertx, DemoEnv env) {
    return logIn(vertx, env.get("API_URL"), env.get("ACCOUNT_EMAIL"), env.get("ACCOUNT_PASSWORD"));
  }

  /** The same user at another node of the same cloud. Closed with this one. */
  public CloudApi at(String otherUrl) {
    return new CloudApi(client, otherUrl, token);
  }

  public String token() {
    return token;
  }

  /** The event stream of everything that this user may see. */
  public String eventsUrl() {
    return eventsUrl("");
  }

  /** The event stream of those whose names begin so. */
  public String eventsUrl(String prefix) {
    return url
        + "/v1/devices/events"
        + (prefix.isEmpty() ? "" : "/" + encode(prefix))
        + "?access_token="
        + encode(token);
  }

  /** Makes so many devices in a product, a thousand a request. */
  public Future<List<Credentials>> createDevices(String product, int count) {
    var at = Math.min(count, MOST_DEVICES_AT_ONCE);
    if (at <= 0) {
      return Future.succeededFuture(List.of());
    }
    return post("/v1/products/" + product + "/devices/bulk", new JsonObject().put("count", at))
        .map(CloudApi::devices)
        .compose(
            made ->
                createDevices(product, count - at)
                    .map(
                        rest -> {
                          var all = new ArrayList<>(made);
                          all.addAll(rest);
                          return List.copyOf(all);
                        }));
  }

  /** An integration that posts each event whose name begins so to this URL. */
  public Future<JsonObject> createWebhook(String event, String target) {
    return post(
        "/v1/integrations",
        new JsonObject().put("event", event).put("url", target).put("integration_type", "Webhook"));
  }

  /** POST with a JSON body; fails unless the answer is a 2xx with a JSON object. */
  public Future<JsonObject> post(String path, JsonObject body) {
    return send(client, authorized(), HttpMethod.POST, url, path, body.encode());
  }

  /** PUT with a JSON body; fails unless the answer is a 2xx with a JSON object. */
  public Future<JsonObject> put(String path, JsonObject body) {
    return send(client, authorized(), HttpMethod.PUT, url, path, body.encode());
  }

  public Future<JsonObject> get(String path) {
    return send(client, authorized(), HttpMethod.GET, url, path, "");
  }

  /** DELETE; fails unless the answer is a 2xx. */
  public Future<Void> delete(String path) {
    return client
        .request(authorized().setMethod(HttpMethod.DELETE).setAbsoluteURI(url + path))
        .compose(r -> r.send())
        .timeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .compose(
            r ->
                r.statusCode() / 100 == 2
                    ? Future.succeededFuture()
                    : Future.failedFuture("DELETE %s%s: %d".formatted(url, path, r.statusCode())));
  }

  public Future<Void> close() {
    return client.close();
  }

  private RequestOptions authorized() {
    return new RequestOptions()
        .putHeader("authorization", "Bearer " + token)
        .putHeader("content-type", "application/json");
  }

  private static List<Credentials> devices(JsonObject answer) {
    var devices = new ArrayList<Credentials>();
    for (var each : answer.getJsonArray("devices")) {
      if (each instanceof JsonObject device) {
        devices.add(new Credentials(device.getString("id"), device.getString("secret")));
      }
    }
    if (devices.isEmpty()) {
      throw new IllegalStateException("the server made no devices");
    }
    return List.copyOf(devices);
  }

  private static Future<JsonObject> send(
      HttpClient client,
      RequestOptions request,
      HttpMethod method,
      String url,
      String path,
      String body) {
    return client
        .request(request.setMethod(method).setAbsoluteURI(url + path))
        .compose(r -> r.send(body))
        .compose(r -> r.body().map(b -> new Answer(r.statusCode(), b.toString())))
        .timeout(LIMIT_SECONDS, TimeUnit.SECONDS)
        .map(Answer::json)
        .recover(
            failure ->
                Future.failedFuture(
                    "%s %s%s: %s".formatted(method, url, path, failure.getMessage())));
  }

  private record Answer(int status, String body) {
    JsonObject json() {
      if (status / 100 != 2) {
        throw new IllegalStateException(
            "answered " + status + " " + body.substring(0, Math.min(200, body.length())));
      }
      try {
        return new JsonObject(body);
      } catch (DecodeException e) {
        throw new IllegalStateException("answered " + status + " without a JSON object", e);
      }
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
