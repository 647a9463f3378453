package io.starling.api.users;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Signing up, and who the token's owner is. */
public final class UserRoutes {
  private final ConfigurationClient configuration;
  private final Directory directory;

  /** Routes that read here and write through the accounts service. */
  public UserRoutes(ConfigurationClient configuration, Directory directory) {
    this.configuration = configuration;
    this.directory = directory;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, "/v1/users", this::signUp);
    endpoints.guarded(HttpMethod.GET, "/v1/user", this::user);
    endpoints.guarded(HttpMethod.GET, "/v1/user/identify", this::identify);
  }

  private Future<Answer.Whole> signUp(Exchange exchange) {
    var email = exchange.fields().firstText("username", "email");
    var password = exchange.fields().text("password");
    if (email.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "username must be an email address"));
    }
    if (password.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "password is required"));
    }
    return configuration
        .write(new PeopleRequest.SignUp(email.get(), password.get()))
        .compose(
            reply ->
                switch (reply) {
                  case PeopleReply.SignedUp up -> configuration.seen(up.position(), Answer::ok);
                  case PeopleReply.SignUpRefused(var reason) ->
                      Future.succeededFuture(Errors.errors(400, words(reason)));
                  case PeopleReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(
                          Errors.unavailable("Nobody can sign up for now, try again", seconds));
                });
  }

  private static String words(PeopleReply.SignUpRefused.Reason reason) {
    return switch (reason) {
      case NOT_AN_EMAIL -> "username must be an email address";
      case IN_USE -> "username already in use";
      case PASSWORD_TOO_SHORT -> "password is too short";
      case PASSWORD_TOO_LONG -> "password is too long";
    };
  }

  private Future<Answer.Whole> user(Exchange exchange) {
    var account = exchange.principal().account();
    return Future.succeededFuture(
        Answer.json(
            new JsonObject()
                .put("username", email(exchange))
                .put("subscription_ids", new JsonArray())
                .put("account_info", new JsonObject())
                .put("mfa", new JsonObject().put("enabled", false))
                .put("memberships", new JsonArray())
                .put("tos", new JsonObject())
                .put("scim_provisioned", false)
                .put("no_password", false)
                .put("wifi_device_count", directory.devicesOf(account).size())
                .put("cellular_device_count", 0)));
  }

  private Future<Answer.Whole> identify(Exchange exchange) {
    return Future.succeededFuture(
        Answer.json(
            new JsonObject()
                .put("id", exchange.principal().account().toString())
                .put("email", email(exchange))));
  }

  private String email(Exchange exchange) {
    return directory.account(exchange.principal().account()).map(Entry.Account::email).orElse("");
  }
}
