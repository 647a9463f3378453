package io.starling.api.users;

import io.starling.api.orgs.OrganizationRoutes;
import io.starling.api.region.ConfigurationClient;
import io.starling.api.team.TeamJson;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
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
import java.util.Optional;

/** Signing up, who the token's owner is, and changing that. */
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
    endpoints.guarded(HttpMethod.GET, "/v1/user", Scope.SELF, this::user);
    endpoints.guarded(HttpMethod.PUT, "/v1/user", Scope.SELF, this::change);
    endpoints.guarded(HttpMethod.DELETE, "/v1/user", Scope.SELF, this::delete);
    endpoints.guarded(HttpMethod.GET, "/v1/user/identify", Scope.SELF, this::identify);
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
    var info = UserInfo.of(exchange.fields().object("account_info"));
    return configuration
        .by(exchange)
        .write(new PeopleRequest.SignUp(email.get(), password.get(), info.encode()))
        .compose(
            reply ->
                switch (reply) {
                  case PeopleReply.SignedUp up -> configuration.seen(up.position(), Answer::ok);
                  case PeopleReply.SignUpRefused(var reason) ->
                      Future.succeededFuture(PeopleAnswers.refused(reason));
                  case PeopleReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(
                          Errors.unavailable("Nobody can sign up for now, try again", seconds));
                });
  }

  /** A new password or address needs the current password; all else does not. */
  private Future<Answer.Whole> change(Exchange exchange) {
    var fields = exchange.fields();
    var account = exchange.principal().account();
    String mine = email(exchange);
    Optional<String> email =
        fields.firstText("username", "email").filter(told -> !told.equalsIgnoreCase(mine));
    var password = fields.text("password");
    if (email.isEmpty() && password.isEmpty()) {
      return fields.has("account_info")
          ? describe(exchange)
          : Future.succeededFuture(Errors.errors(400, "there is nothing to change"));
    }
    var current = fields.text("current_password");
    if (current.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "current_password is required"));
    }
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.ChangeCredentials(
                account,
                current.get(),
                email.orElse(null),
                password.orElse(null),
                fields.text("invalidate_tokens").filter("true"::equals).isPresent(),
                exchange.clientAddress()))
        .compose(reply -> PeopleAnswers.changed(configuration, reply, () -> told(email)))
        .compose(
            answer ->
                answer.status() == 200 && fields.has("account_info")
                    ? describe(exchange).map(_ -> answer)
                    : Future.succeededFuture(answer));
  }

  private static Answer.Whole told(Optional<String> email) {
    return Answer.json(
        new JsonObject()
            .put("ok", true)
            .put(
                "message",
                email.isPresent()
                    ? "A link was sent to the new address; it becomes yours once you follow it"
                    : "Your password was changed"));
  }

  private Future<Answer.Whole> describe(Exchange exchange) {
    var account = exchange.principal().account();
    var info = UserInfo.of(exchange.fields().object("account_info"));
    return configuration
        .by(exchange)
        .write(new PeopleRequest.DescribeUser(account, info.encode()))
        .compose(
            reply ->
                switch (reply) {
                  case PeopleReply.Written(var position) ->
                      configuration.seen(position, () -> Answer.json(json(exchange)));
                  case PeopleReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private Future<Answer.Whole> delete(Exchange exchange) {
    var password = exchange.fields().text("password");
    if (password.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "password is required"));
    }
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.DeleteUser(
                exchange.principal().account(), password.get(), exchange.clientAddress()))
        .compose(
            reply ->
                PeopleAnswers.changed(
                    configuration,
                    reply,
                    () ->
                        Answer.json(
                            new JsonObject()
                                .put("ok", true)
                                .put("message", "Your account was deleted"))));
  }

  private Future<Answer.Whole> user(Exchange exchange) {
    return Future.succeededFuture(Answer.json(json(exchange)));
  }

  private JsonObject json(Exchange exchange) {
    var account = exchange.principal().account();
    var entry = directory.account(account);
    return new JsonObject()
        .put("username", email(exchange))
        .put("subscription_ids", new JsonArray())
        .put("account_info", entry.map(Entry.Account::info).orElseGet(JsonObject::new))
        .put("mfa", new JsonObject().put("enabled", entry.map(Entry.Account::mfa).orElse(false)))
        .put("memberships", memberships(account))
        .put("tos", new JsonObject())
        .put("scim_provisioned", false)
        .put("no_password", false)
        .put("wifi_device_count", directory.devicesOf(account).size())
        .put("cellular_device_count", 0);
  }

  /** The organizations that somebody is in, and as what. */
  private JsonArray memberships(AccountId account) {
    var memberships = new JsonArray();
    for (var colleague : directory.organizations().of(account)) {
      var role = colleague.role();
      if (role == null) {
        continue;
      }
      directory
          .organizations()
          .find(colleague.organization())
          .ifPresent(
              organization ->
                  memberships.add(
                      new JsonObject()
                          .put("org", OrganizationRoutes.json(organization))
                          .put("role", TeamJson.role(role))));
    }
    return memberships;
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
