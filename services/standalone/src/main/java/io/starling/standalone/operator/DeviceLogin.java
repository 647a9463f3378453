package io.starling.standalone.operator;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Logs in without a password here: somebody confirms it on a page, in a browser anywhere (RFC
 * 8628).
 */
final class DeviceLogin {
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final Duration MORE = Duration.ofSeconds(5);

  private final Region region;
  private final Map<String, String> client;

  DeviceLogin(Region region, Map<String, String> client) {
    this.region = region;
    this.client = client;
  }

  /** What the server answers once it is confirmed. */
  JsonObject tokens() {
    var begun = (JsonObject) Region.value(region.form("/oauth/device_authorization", client));
    region
        .err()
        .printf(
            "Open %s%nThe page must show %s.%n",
            begun.getString("verification_uri_complete"), begun.getString("user_code"));
    region.err().flush();
    var fields = new HashMap<>(client);
    fields.put("grant_type", GRANT);
    fields.put("device_code", begun.getString("device_code"));
    return await(fields, Duration.ofSeconds(begun.getLong("interval", MORE.toSeconds())));
  }

  private JsonObject await(Map<String, String> fields, Duration first) {
    var interval = first;
    while (true) {
      pause(interval);
      var answer = region.form("/oauth/token", fields);
      switch (error(answer)) {
        case "authorization_pending" -> {}
        case "slow_down" -> interval = interval.plus(MORE);
        // It is asked again later: the server says when it is too late.
        case "temporarily_unavailable", "too_many" -> pause(later(answer));
        default -> {
          return (JsonObject) Region.value(answer);
        }
      }
    }
  }

  /** Why there are no tokens; empty if there are. */
  private static String error(HttpResponse<String> answer) {
    if (answer.statusCode() == 429) {
      return "too_many";
    }
    try {
      return answer.statusCode() < 400 ? "" : new JsonObject(answer.body()).getString("error", "");
    } catch (DecodeException | ClassCastException _) {
      return "";
    }
  }

  private static Duration later(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(text -> text.matches("\\d{1,4}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)))
        .orElse(MORE);
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.UNAVAILABLE, "interrupted");
    }
  }
}
