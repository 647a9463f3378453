package io.starling.api.users;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Beginning and ending with one-time passwords. */
public final class MfaRoutes {
  private final ConfigurationClient configuration;

  /** Routes that write through the accounts service. */
  public MfaRoutes(ConfigurationClient configuration) {
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/user/mfa-enable", Scope.SELF, this::start);
    endpoints.guarded(HttpMethod.POST, "/v1/user/mfa-enable", Scope.SELF, this::enrol);
    endpoints.guarded(HttpMethod.PUT, "/v1/user/mfa-disable", Scope.SELF, this::disable);
  }

  private Future<Answer.Whole> start(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(new PeopleRequest.StartMfa(exchange.principal().account()))
        .map(
            reply ->
                switch (reply) {
                  case PeopleReply.MfaStarted(var token, var secret, var uri) ->
                      Answer.json(
                          new JsonObject()
                              .put("mfa_token", token)
                              .put("qr_url", uri)
                              .put("secret", secret));
                  case PeopleReply.MfaIsOn _ ->
                      Errors.errors(400, "Multi-factor authentication is enabled already");
                  case PeopleReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private Future<Answer.Whole> enrol(Exchange exchange) {
    var fields = exchange.fields();
    var token = fields.text("mfa_token");
    var otp = fields.text("otp");
    if (token.isEmpty() || otp.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "mfa_token and otp are required"));
    }
    boolean invalidate = fields.text("invalidate_tokens").filter("true"::equals).isPresent();
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.EnrolMfa(
                exchange.principal().account(), token.get(), otp.get(), invalidate))
        .compose(
            reply ->
                switch (reply) {
                  case PeopleReply.MfaEnrolled(var codes, var position) ->
                      configuration.seen(
                          position,
                          () ->
                              Answer.json(
                                  new JsonObject()
                                      .put("enrolled", true)
                                      .put("tokens", new JsonArray())
                                      .put("recovery_codes", new JsonArray(codes))));
                  case PeopleReply.OtpInvalid _ ->
                      Future.succeededFuture(
                          Errors.errors(403, "The one-time password is invalid"));
                  case PeopleReply.MfaTokenInvalid _ ->
                      Future.succeededFuture(
                          Errors.errors(400, "The time to confirm is over, begin again"));
                  case PeopleReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private Future<Answer.Whole> disable(Exchange exchange) {
    var password = exchange.fields().text("current_password");
    if (password.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "current_password is required"));
    }
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.DisableMfa(
                exchange.principal().account(), password.get(), exchange.clientAddress()))
        .compose(reply -> PeopleAnswers.changed(configuration, reply, Answer::ok));
  }
}
