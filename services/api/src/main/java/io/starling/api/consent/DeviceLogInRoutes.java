package io.starling.api.consent;

import io.starling.api.consent.SignInForm.Person;
import io.starling.api.consent.SignInForm.Remark;
import io.starling.api.oauth.AskedScopes;
import io.starling.api.oauth.OAuthClients;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/** Log-ins of devices that have no browser: how one begins, and the page that confirms it. */
public final class DeviceLogInRoutes {
  /** Where a device begins. */
  public static final String BEGIN = "/oauth/device_authorization";

  /** Where its person goes. */
  public static final String PAGE = "/oauth/device";

  private static final int LATER_SECONDS = 60;

  private final ConfigurationClient configuration;
  private final OAuthClients clients;

  /** Routes that write through the accounts service. */
  public DeviceLogInRoutes(ConfigurationClient configuration, OAuthClients clients) {
    this.configuration = configuration;
    this.clients = clients;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, BEGIN, this::begin);
    endpoints.open(HttpMethod.GET, PAGE, this::show);
    endpoints.open(HttpMethod.POST, PAGE, this::decide);
  }

  private Future<Answer.Whole> begin(Exchange exchange) {
    var client = clients.shown(exchange);
    if (client.isEmpty()) {
      return Future.succeededFuture(OAuthClients.unknown(exchange));
    }
    if (client.get().ofProduct()) {
      return refuse("unauthorized_client", "This client may not use this grant type");
    }
    var scopes = AskedScopes.of(exchange.fields().text("scope"));
    if (scopes.isEmpty()) {
      return refuse("invalid_scope", "scope must be scopes with spaces between, or nothing");
    }
    return configuration
        .by(exchange)
        .write(new OAuthRequest.BeginDevice(client.get().id(), scopes.get()))
        .map(
            reply ->
                switch (reply) {
                  case OAuthReply.DeviceBegun begun -> begun(exchange.baseUrl() + PAGE, begun);
                  case OAuthReply.TooManyDevices _ -> later(LATER_SECONDS);
                  case OAuthReply.DatabaseDown(int seconds) -> later(Math.max(1, seconds));
                });
  }

  private static Answer.Whole begun(String page, OAuthReply.DeviceBegun begun) {
    return Answer.json(
        new JsonObject()
            .put("device_code", begun.deviceCode())
            .put("user_code", begun.userCode())
            .put("verification_uri", page)
            .put("verification_uri_complete", page + "?user_code=" + begun.userCode())
            .put("expires_in", begun.lifetimeSeconds())
            .put("interval", begun.intervalSeconds()));
  }

  private static Answer.Whole later(int seconds) {
    return Errors.oauth(503, "temporarily_unavailable", "Nobody can log in for now, try again")
        .with("Retry-After", Integer.toString(seconds));
  }

  private static Future<Answer.Whole> refuse(String code, String description) {
    return Future.succeededFuture(Errors.oauth(400, code, description));
  }

  private Future<Answer.Whole> show(Exchange exchange) {
    var typed = exchange.query("user_code").map(String::strip).orElse("");
    return typed.isEmpty()
        ? Future.succeededFuture(DevicePages.ask(Remark.NONE))
        : show(exchange, typed, Person.UNKNOWN, Remark.NONE);
  }

  /** The page for what waits; told by its code alone, so that guessing is slowed down. */
  Future<Answer.Whole> show(Exchange exchange, String userCode, Person person, Remark remark) {
    return configuration
        .by(exchange)
        .write(new OAuthRequest.FindDevice(userCode, exchange.clientAddress()))
        .map(
            reply ->
                switch (reply) {
                  case OAuthReply.DeviceFound(var client, var scopes) ->
                      DevicePages.confirm(userCode, clients.name(client), scopes, person, remark);
                  case OAuthReply.CodeInvalid _ -> DevicePages.ask(unknown());
                  case OAuthReply.TooManyGuesses(int seconds) ->
                      DevicePages.ask(Remark.tooMany(seconds));
                  case OAuthReply.DatabaseDown(int seconds) ->
                      DevicePages.ask(Remark.databaseDown(seconds));
                });
  }

  private static Remark unknown() {
    return new Remark(400, "No device shows this code, or not any more.", 0);
  }

  private Future<Answer.Whole> decide(Exchange exchange) {
    var fields = exchange.fields();
    String userCode = fields.text("user_code").orElse("");
    String decision = fields.text("decision").orElse("");
    boolean allowed = decision.equals("allow");
    if (!allowed && !decision.equals("deny")) {
      return Future.succeededFuture(Page.refusal("It was not said whether to allow it."));
    }
    return configuration
        .by(exchange)
        .write(new OAuthRequest.DecideDevice(SignInForm.typed(exchange), userCode, allowed))
        .compose(
            reply ->
                switch (reply) {
                  case OAuthReply.DeviceDecided _ ->
                      Future.succeededFuture(DevicePages.done(allowed));
                  case OAuthReply.SignInRefused refused ->
                      show(
                          exchange,
                          userCode,
                          SignInForm.person(exchange).withoutTicket(),
                          Remark.of(refused));
                  case OAuthReply.CodeInvalid _ ->
                      Future.succeededFuture(DevicePages.ask(unknown()));
                  case OAuthReply.TooManyGuesses(int seconds) ->
                      Future.succeededFuture(DevicePages.ask(Remark.tooMany(seconds)));
                  case OAuthReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(DevicePages.ask(Remark.databaseDown(seconds)));
                });
  }
}
