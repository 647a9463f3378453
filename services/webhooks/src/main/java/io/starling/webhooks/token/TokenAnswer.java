package io.starling.webhooks.token;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.regex.Pattern;

/** What a token endpoint answers (RFC 6749, section 5). */
sealed interface TokenAnswer {
  /** Letters of a token that a header can hold (RFC 6750, section 2.1, and a little more). */
  Pattern TOKEN = Pattern.compile("[!-~]{1,16384}");

  /** An error's name as the specification has them. */
  Pattern ERROR = Pattern.compile("[a-z_]{1,40}");

  /** Where the server does not say how long a token is good. */
  Duration USUAL = Duration.ofMinutes(5);

  /** Longer than that nobody needs to keep one. */
  long MAX_SECONDS = 24 * 3_600;

  /** A token. */
  record Granted(String token, Duration life) implements TokenAnswer {
    @Override
    public String toString() {
      return "Granted[" + life + "]";
    }
  }

  /** None, and why. */
  record Denied(String why) implements TokenAnswer {}

  /** Reads an answer. */
  static TokenAnswer of(int status, Buffer body) {
    JsonObject json;
    try {
      json = new JsonObject(body);
    } catch (DecodeException | ClassCastException e) {
      json = new JsonObject();
    }
    if (status != 200) {
      boolean isNamed =
          json.getValue("error") instanceof String error && ERROR.matcher(error).matches();
      return new Denied(
          "answered " + status + (isNamed ? " (" + json.getString("error") + ")" : ""));
    }
    if (!(json.getValue("access_token") instanceof String token)
        || !TOKEN.matcher(token).matches()) {
      return new Denied("answered without an access_token");
    }
    if (json.getValue("token_type") instanceof String type && !type.equalsIgnoreCase("bearer")) {
      return new Denied("answered with a token that is no bearer token");
    }
    return new Granted(token, life(json));
  }

  private static Duration life(JsonObject json) {
    try {
      long seconds =
          switch (json.getValue("expires_in")) {
            case Number number -> number.longValue();
            case String text -> Long.parseLong(text);
            case null, default -> USUAL.toSeconds();
          };
      return Duration.ofSeconds(Math.clamp(seconds, 0, MAX_SECONDS));
    } catch (NumberFormatException e) {
      return USUAL;
    }
  }
}
