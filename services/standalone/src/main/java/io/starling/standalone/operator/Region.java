package io.starling.standalone.operator;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The API of a region, as commands ask it: where it is, who asks, and how answers are shown. */
final class Region {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      defaultValue = "${env:STARLINGCTL_URL:-http://127.0.0.1:8080}",
      description = "the API; by default STARLINGCTL_URL, or http://127.0.0.1:8080")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "by default STARLINGCTL_TOKEN, or what login wrote into ~/.config/starling/token")
  private @Nullable Path tokenFile;

  @Option(names = "--json", description = "the answer as it came, for programs")
  private boolean json;

  @Nullable Path tokenFile() {
    return tokenFile;
  }

  /** Part of a path. */
  static String part(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonObject get(String path) {
    return (JsonObject) ask("GET", path, null);
  }

  JsonArray list(String path) {
    return (JsonArray) ask("GET", path, null);
  }

  /** Asks as who is logged in. */
  Object ask(String method, String path, @Nullable JsonObject body) {
    String token =
        Login.token(tokenFile)
            .orElseThrow(
                () -> new Failure(Failure.NOT_LOGGED_IN, "not logged in: try starling login"));
    return value(send(request(path).header("Authorization", "Bearer " + token), method, body));
  }

  /** Asks as nobody. */
  JsonObject askOpenly(String method, String path, JsonObject body) {
    return (JsonObject) value(send(request(path), method, body));
  }

  /** Sends a form; the caller looks at the status. */
  HttpResponse<String> form(String path, Map<String, String> fields) {
    String text =
        fields.entrySet().stream()
            .map(field -> part(field.getKey()) + "=" + part(field.getValue()))
            .collect(Collectors.joining("&"));
    return exchange(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).timeout(ANSWER_LIMIT);
  }

  private static HttpResponse<String> send(
      HttpRequest.Builder request, String method, @Nullable JsonObject body) {
    var publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.encode());
    return exchange(
        request.header("Content-Type", "application/json").method(method, publisher).build());
  }

  /** Sends a request, whatever it is answered. */
  static HttpResponse<String> exchange(HttpRequest request) {
    try (var http = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).build()) {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      String why = e.getMessage() == null ? "nobody is there" : e.getMessage();
      throw new Failure(
          Failure.UNAVAILABLE, request.uri().resolve("/") + " cannot be reached: " + why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.UNAVAILABLE, "interrupted");
    }
  }

  static Object value(HttpResponse<String> response) {
    if (response.statusCode() >= 400) {
      throw failure(response);
    }
    return response.body().isEmpty()
        ? new JsonObject().put("ok", true)
        : Json.decodeValue(response.body());
  }

  static Failure failure(HttpResponse<String> response) {
    int status = response.statusCode();
    String later =
        response.headers().firstValue("Retry-After").map(s -> ", again in " + s + " s").orElse("");
    return new Failure(
        switch (status) {
          case 401 -> Failure.NOT_LOGGED_IN;
          case 408, 429, 502, 503, 504 -> Failure.UNAVAILABLE;
          default -> Failure.REFUSED;
        },
        why(response.body()) + " (" + status + later + ")");
  }

  private static String why(String body) {
    try {
      var error = new JsonObject(body);
      for (String name : new String[] {"error_description", "info", "error"}) {
        if (error.getValue(name) instanceof String text) {
          return text;
        }
      }
      return error.getJsonArray("errors", new JsonArray()).stream()
          .map(String::valueOf)
          .collect(Collectors.joining(", "));
    } catch (DecodeException | ClassCastException _) {
      return "refused";
    }
  }

  PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  /** For what is said while a command is under way, and is not its answer. */
  PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  /** Shows rows, each an object, or an object, with these fields, or all of the answer. */
  void show(Object answer, Object rows, String... fields) {
    if (json) {
      out().println(Json.encode(answer));
    } else if (rows instanceof JsonArray array) {
      out().print(Table.of(array, fields));
    } else if (rows instanceof JsonObject object) {
      out().print(Table.of(object, fields));
    } else {
      out().println(rows);
    }
    out().flush();
  }
}
