package io.starling.api.oauth;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.contract.Request;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tokens for what a person granted on a page: by an authorization code, or by a device code. */
final class CodeGrants {
  /** RFC 7636, section 4.1. */
  private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

  private final ConfigurationClient configuration;
  private final TokenAnswers answers;

  CodeGrants(ConfigurationClient configuration, TokenAnswers answers) {
    this.configuration = configuration;
    this.answers = answers;
  }

  Future<Answer.Whole> code(Exchange exchange, String client) {
    var fields = exchange.fields();
    var code = fields.text("code");
    var uri = fields.text("redirect_uri");
    var verifier = fields.text("code_verifier");
    if (code.isEmpty() || uri.isEmpty() || verifier.isEmpty()) {
      return TokenAnswers.refuse(
          "invalid_request",
          "Missing parameters: code, redirect_uri and code_verifier are required");
    }
    var lifetime = lifetime(fields);
    if (lifetime.isEmpty()) {
      return noLifetime();
    }
    if (!VERIFIER.matcher(verifier.get()).matches()) {
      return invalid();
    }
    return exchange(
        exchange,
        new OAuthRequest.ExchangeCode(
            code.get(), client, uri.get(), verifier.get(), lifetime.get()));
  }

  Future<Answer.Whole> device(Exchange exchange, String client) {
    var code = exchange.fields().text("device_code");
    if (code.isEmpty()) {
      return TokenAnswers.refuse("invalid_request", "Missing parameter: device_code");
    }
    var lifetime = lifetime(exchange.fields());
    return lifetime.isEmpty()
        ? noLifetime()
        : exchange(exchange, new OAuthRequest.ExchangeDevice(code.get(), client, lifetime.get()));
  }

  /** As long as other tokens or, if the client wants that, less: nobody consented to more. */
  private static Optional<Long> lifetime(Fields fields) {
    return fields.has("expires_in")
        ? fields
            .number("expires_in")
            .filter(seconds -> seconds > 0)
            .map(seconds -> Math.min(seconds, TokenLifetime.DEFAULT_SECONDS))
        : Optional.of(TokenLifetime.DEFAULT_SECONDS);
  }

  private static Future<Answer.Whole> noLifetime() {
    return TokenAnswers.refuse("invalid_request", "expires_in must be a number above 0");
  }

  private <Q extends Request<OAuthReply.ExchangeReply>> Future<Answer.Whole> exchange(
      Exchange exchange, Q request) {
    return configuration
        .by(exchange)
        .write(request)
        .compose(
            reply ->
                switch (reply) {
                  case OAuthReply.TokensGranted granted ->
                      configuration.seen(granted.position(), () -> answers.tokens(granted));
                  case OAuthReply.CodeInvalid _ -> invalid();
                  case OAuthReply.DeviceWaits waits ->
                      Future.succeededFuture(TokenAnswers.waits(waits));
                  case OAuthReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(TokenAnswers.databaseDown(seconds));
                });
  }

  private static Future<Answer.Whole> invalid() {
    return Future.succeededFuture(Errors.oauth(400, "invalid_grant", "The code is invalid"));
  }
}
