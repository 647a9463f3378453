package io.starling.api.consent;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.PasskeysReply;
import io.starling.contract.PasskeysRequest;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** What the script of a page asks, for who signs in by a passkey (WebAuthn). */
public final class PasskeyLogInRoutes {
  /** Where an assertion becomes a ticket. */
  public static final String PATH = "/oauth/passkey";

  /** Where it begins. */
  public static final String OPTIONS = PATH + "/options";

  private static final int LATER_SECONDS = 60;

  private final ConfigurationClient configuration;

  /** Routes that ask the accounts service. */
  public PasskeyLogInRoutes(ConfigurationClient configuration) {
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, OPTIONS, this::begin);
    endpoints.open(HttpMethod.POST, PATH, this::signIn);
  }

  private Future<Answer.Whole> begin(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(new PasskeysRequest.BeginSignIn())
        .map(
            reply ->
                switch (reply) {
                  case PasskeysReply.PasskeyBegun(var options) ->
                      Answer.json(new JsonObject(options));
                  case PasskeysReply.NotOffered _ ->
                      Errors.oauth(400, "invalid_request", "This server has no name for passkeys");
                  case PasskeysReply.TooManyChallenges _ -> later(LATER_SECONDS);
                  case AccountsReply.DatabaseDown(int seconds) -> later(seconds);
                });
  }

  private Future<Answer.Whole> signIn(Exchange exchange) {
    var credential = exchange.fields().text("credential");
    if (credential.isEmpty() || credential.get().length() > PasskeysRequest.MAX_CREDENTIAL) {
      return Future.succeededFuture(Errors.oauth(400, "invalid_request", "credential is required"));
    }
    return configuration
        .by(exchange)
        .write(new PasskeysRequest.SignInByPasskey(credential.get()))
        .map(
            reply ->
                switch (reply) {
                  case PasskeysReply.PasskeySignedIn(var email, var ticket) ->
                      Answer.json(new JsonObject().put("username", email).put("ticket", ticket));
                  case PasskeysReply.PasskeyRefused _ ->
                      Errors.oauth(401, "invalid_grant", "This passkey is not good here");
                  case AccountsReply.DatabaseDown(int seconds) -> later(seconds);
                });
  }

  private static Answer.Whole later(int seconds) {
    return Errors.oauth(503, "temporarily_unavailable", "Nobody can sign in for now, try again")
        .with("Retry-After", Integer.toString(Math.max(1, seconds)));
  }
}
