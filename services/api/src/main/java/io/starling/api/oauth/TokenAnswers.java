package io.starling.api.oauth;

import io.starling.contract.OAuthReply;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How tokens are told, and why there are none (RFC 6749, sections 5.1 and 5.2). */
record TokenAnswers(InstantSource clock) {

  Answer.Whole tokens(
      String token, @Nullable Long expiresAtMillis, @Nullable String refreshToken, String scope) {
    var json =
        new JsonObject()
            .put("token_type", "bearer")
            .put("access_token", token)
            .put("expires_in", remaining(expiresAtMillis));
    if (refreshToken != null) {
      json.put("refresh_token", refreshToken);
    }
    if (!scope.isEmpty()) {
      json.put("scope", scope);
    }
    return Answer.json(json);
  }

  Answer.Whole tokens(OAuthReply.TokensGranted granted) {
    return tokens(
        granted.token(),
        granted.expiresAtMillis(),
        granted.refreshToken(),
        scope(granted.scopes()).orElse(""));
  }

  static Optional<String> scope(List<String> scopes) {
    return scopes.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", scopes));
  }

  private long remaining(@Nullable Long expiresAtMillis) {
    return expiresAtMillis == null
        ? TokenLifetime.NEVER_ENDS
        : Math.max(1, Math.round((expiresAtMillis - clock.millis()) / 1000.0));
  }

  /** RFC 8628, section 3.5. */
  static Answer.Whole waits(OAuthReply.DeviceWaits waits) {
    return Errors.oauth(
        400,
        waits.why().name().toLowerCase(Locale.ROOT),
        switch (waits.why()) {
          case AUTHORIZATION_PENDING -> "Nobody has confirmed it yet";
          case SLOW_DOWN -> "Nobody has confirmed it yet; ask five seconds later each time";
          case ACCESS_DENIED -> "It was refused";
          case EXPIRED_TOKEN -> "The device code has expired, begin again";
        });
  }

  static Answer.Whole databaseDown(int seconds) {
    return Errors.oauth(503, "temporarily_unavailable", "Nobody can log in for now, try again")
        .with("Retry-After", Integer.toString(Math.max(1, seconds)));
  }

  static Future<Answer.Whole> refuse(String code, String description) {
    return Future.succeededFuture(Errors.oauth(400, code, description));
  }
}
