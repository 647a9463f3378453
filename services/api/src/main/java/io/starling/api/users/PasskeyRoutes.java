package io.starling.api.users;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OAuthRequest;
import io.starling.contract.PasskeysReply;
import io.starling.contract.PasskeysReply.Told;
import io.starling.contract.PasskeysRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The passkeys of who asks. */
public final class PasskeyRoutes {
  private static final String ALL = "/v1/user/passkeys";
  private static final String ONE = ALL + "/:passkey";
  private static final int LATER_SECONDS = 60;
  private static final Answer.Whole ABSENT = Errors.error(404, "Passkey not found.");
  private static final Answer.Whole FULL =
      Errors.errors(
          400, "There are " + PasskeysRequest.MOST + " passkeys, as many as there may be");

  private final ConfigurationClient configuration;
  private final Directory directory;

  /** Routes that ask the accounts service. */
  public PasskeyRoutes(ConfigurationClient configuration, Directory directory) {
    this.configuration = configuration;
    this.directory = directory;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, ALL, Scope.SELF, this::list);
    endpoints.guarded(HttpMethod.POST, ALL + "/options", Scope.SELF, this::begin);
    endpoints.guarded(HttpMethod.POST, ALL, Scope.SELF, this::add);
    endpoints.guarded(HttpMethod.PUT, ONE, Scope.SELF, this::rename);
    endpoints.guarded(HttpMethod.DELETE, ONE, Scope.SELF, this::remove);
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(new PasskeysRequest.ListPasskeys(exchange.principal().account()))
        .map(
            reply ->
                switch (reply) {
                  case PasskeysReply.PasskeysFound(var passkeys) -> {
                    var shown = new JsonArray();
                    passkeys.stream().map(PasskeyRoutes::json).forEach(shown::add);
                    yield Answer.json(new JsonObject().put("passkeys", shown));
                  }
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Errors.unavailable(
                          "Passkeys cannot be looked up for now, try again", seconds);
                });
  }

  /** Needs the password again, and the one-time password; or a ticket, by another passkey. */
  private Future<Answer.Whole> begin(Exchange exchange) {
    var fields = exchange.fields();
    var account = exchange.principal().account();
    var password = fields.text("current_password");
    var ticket = fields.text("ticket").orElse("");
    if (password.isEmpty() && ticket.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "current_password or ticket is required"));
    }
    var who =
        new OAuthRequest.SignIn(
            directory.account(account).map(Entry.Account::email).orElse(""),
            password.orElse(""),
            fields.text("otp").orElse(""),
            exchange.clientAddress(),
            ticket);
    return configuration
        .by(exchange)
        .write(new PasskeysRequest.BeginPasskey(account, who))
        .map(
            reply ->
                switch (reply) {
                  case PasskeysReply.PasskeyBegun(var options) ->
                      Answer.json(new JsonObject(options));
                  case PasskeysReply.NotOffered _ ->
                      Errors.errors(400, "This server has no name that passkeys can be made for");
                  case PasskeysReply.TooManyPasskeys _ -> FULL;
                  case PasskeysReply.TooManyChallenges _ ->
                      ConfigurationClient.unavailable(LATER_SECONDS);
                  case SignInRefused refused -> refused(refused);
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private static Answer.Whole refused(SignInRefused refused) {
    return switch (refused.reason()) {
      case CREDENTIALS -> Errors.errors(400, "Current password is incorrect");
      case OTP_NEEDED -> Errors.errors(403, "A one-time password is required: otp");
      case OTP -> Errors.errors(403, "The one-time password is invalid");
      case TICKET -> Errors.errors(400, "The ticket is invalid");
      case TOO_MANY ->
          Errors.tooMany("Too many failed attempts, try again later", refused.retryAfterSeconds());
    };
  }

  private Future<Answer.Whole> add(Exchange exchange) {
    var name = name(exchange);
    var credential = exchange.fields().text("credential");
    if (name.isEmpty()) {
      return Future.succeededFuture(badName());
    }
    if (credential.isEmpty() || credential.get().length() > PasskeysRequest.MAX_CREDENTIAL) {
      return Future.succeededFuture(Errors.errors(400, "credential is required"));
    }
    return configuration
        .by(exchange)
        .write(
            new PasskeysRequest.AddPasskey(
                exchange.principal().account(), name.get(), credential.get()))
        .map(
            reply ->
                switch (reply) {
                  case PasskeysReply.PasskeyKept(var passkey) -> Answer.json(201, json(passkey));
                  case PasskeysReply.PasskeyRefused _ ->
                      Errors.errors(400, "The passkey is not good here, begin again");
                  case PasskeysReply.TooManyPasskeys _ -> FULL;
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private Future<Answer.Whole> rename(Exchange exchange) {
    var name = name(exchange);
    if (name.isEmpty()) {
      return Future.succeededFuture(badName());
    }
    return configuration
        .by(exchange)
        .write(
            new PasskeysRequest.RenamePasskey(
                exchange.principal().account(), exchange.path("passkey"), name.get()))
        .map(
            reply ->
                switch (reply) {
                  case PasskeysReply.PasskeyKept(var passkey) -> Answer.json(json(passkey));
                  case AccountsReply.NotFound _ -> ABSENT;
                  case AccountsReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }

  private Future<Answer.Whole> remove(Exchange exchange) {
    var request =
        new PasskeysRequest.RemovePasskey(exchange.principal().account(), exchange.path("passkey"));
    return configuration.by(exchange).write(request, () -> Answer.empty(204), ABSENT);
  }

  private static Optional<String> name(Exchange exchange) {
    return exchange
        .fields()
        .text("name")
        .map(String::strip)
        .filter(name -> name.matches("[^\\p{Cntrl}]{1," + PasskeysRequest.MAX_NAME + "}"));
  }

  private static Answer.Whole badName() {
    return Errors.errors(
        400, "name must have 1 to " + PasskeysRequest.MAX_NAME + " characters, and no controls");
  }

  private static JsonObject json(Told passkey) {
    var used = passkey.lastUsedAtMillis();
    return new JsonObject()
        .put("id", passkey.id())
        .put("name", passkey.name())
        .put("created_at", Timestamps.of(passkey.createdAtMillis()))
        .put("last_used_at", used == null ? null : Timestamps.of(used))
        .put("synced", passkey.synced())
        .put("backed_up", passkey.backedUp());
  }
}
