package io.starling.testing.million;

import io.starling.testing.account.DemoEnv;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** One request after another, as the demonstration account; a file is sent as it is read. */
final class Cloud {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String BOUNDARY = "million";
  private static final String DISPOSITION =
      "Content-Disposition: form-data; name=\"file\"; filename=\"file\"";
  private static final String JSON = "application/json";

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;
  private String token = "";

  private Cloud(String url) {
    this.url = url;
  }

  static Cloud logIn(DemoEnv env) {
    var cloud = new Cloud(env.get("API_URL"));
    var form =
        encoded(
            Map.of(
                "grant_type", "password",
                "client_id", "particle",
                "client_secret", "particle",
                "username", env.get("ACCOUNT_EMAIL"),
                "password", env.get("ACCOUNT_PASSWORD")));
    cloud.token =
        cloud
            .send("POST", "/oauth/token", "application/x-www-form-urlencoded", text(form))
            .getString("access_token");
    return cloud;
  }

  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            field ->
                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static BodyPublisher text(String body) {
    return BodyPublishers.ofString(body);
  }

  JsonObject get(String path) {
    return send("GET", path, JSON, BodyPublishers.noBody());
  }

  void post(String path, JsonObject body) {
    var _ = send("POST", path, JSON, text(body.encode()));
  }

  double millisOfPut(String path, JsonObject body) {
    long start = System.nanoTime();
    var _ = send("PUT", path, JSON, text(body.encode()));
    return (System.nanoTime() - start) / 1e6;
  }

  /** Sends a file of devices; tells the import. */
  JsonObject upload(String path, Path file) {
    try {
      var body =
          BodyPublishers.concat(
              text("--" + BOUNDARY + "\r\n" + DISPOSITION + "\r\n\r\n"),
              BodyPublishers.ofFile(file),
              text("\r\n--" + BOUNDARY + "--\r\n"));
      return send("POST", path, "multipart/form-data; boundary=" + BOUNDARY, body)
          .getJsonObject("import");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonObject send(String method, String path, String type, BodyPublisher body) {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(LIMIT)
            .header("Content-Type", type)
            .header("Authorization", "Bearer " + token)
            .method(method, body)
            .build();
    try {
      var response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            method + " " + path + " answered " + response.statusCode() + " " + response.body());
      }
      return new JsonObject(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
