package io.starling.api.users;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** Mailed links: asking for one, the pages that they lead to, and what those pages send. */
public final class LinkRoutes {
  private final ConfigurationClient configuration;

  /** Routes that write through the accounts service. */
  public LinkRoutes(ConfigurationClient configuration) {
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, "/v1/user/password-reset", this::forgot);
    endpoints.open(HttpMethod.POST, "/v1/user/password-reset/confirm", this::reset);
    endpoints.open(HttpMethod.POST, "/v1/user/email/confirm", this::confirm);
    endpoints.page("/account/password", _ -> page(LinkPages.PASSWORD));
    endpoints.page("/account/email", _ -> page(LinkPages.EMAIL));
    endpoints.page("/account/transfer", _ -> page(LinkPages.TRANSFER));
  }

  private static Future<Answer.Whole> page(Answer.Whole page) {
    return Future.succeededFuture(page);
  }

  /** The same for everybody, known or not. */
  private Future<Answer.Whole> forgot(Exchange exchange) {
    var email = exchange.fields().firstText("username", "email");
    if (email.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "username is required"));
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.ForgotPassword(email.get()))
        .map(
            reply ->
                switch (reply) {
                  case PeopleReply.Written _ ->
                      ok("If somebody has this address, a link was sent to it");
                  case PeopleReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private Future<Answer.Whole> reset(Exchange exchange) {
    var token = exchange.fields().text("token");
    var password = exchange.fields().text("password");
    if (token.isEmpty() || password.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "token and password are required"));
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.ResetPassword(Secrets.hash(token.get()), password.get()))
        .compose(reply -> answer(reply, "Your password was changed"));
  }

  private Future<Answer.Whole> confirm(Exchange exchange) {
    var token = exchange.fields().text("token");
    if (token.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "token is required"));
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.ConfirmEmail(Secrets.hash(token.get())))
        .compose(reply -> answer(reply, "Your address was changed"));
  }

  private Future<Answer.Whole> answer(PeopleReply.LinkReply reply, String done) {
    return switch (reply) {
      case PeopleReply.Written(var position) -> configuration.seen(position, () -> ok(done));
      case PeopleReply.LinkInvalid _ ->
          Future.succeededFuture(Errors.errors(400, "This link is not good any more"));
      case PeopleReply.SignUpRefused(var reason) ->
          Future.succeededFuture(PeopleAnswers.refused(reason));
      case PeopleReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(ConfigurationClient.unavailable(seconds));
    };
  }

  private static Answer.Whole ok(String message) {
    return Answer.json(new JsonObject().put("ok", true).put("message", message));
  }
}
