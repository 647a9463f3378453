package io.starling.api.consent;

import io.starling.api.consent.SignInForm.Person;
import io.starling.api.consent.SignInForm.Remark;
import io.starling.api.oauth.AskedScopes;
import io.starling.api.oauth.OAuthClients;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.contract.OidcRequest.Origin;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Log-ins of devices that have no browser: how one begins, and the page that confirms it. */
public final class DeviceLogInRoutes {
  /** Where a device begins. */
  public static final String BEGIN = "/oauth/device_authorization";

  /** Where its person goes. */
  public static final String PAGE = "/oauth/device";

  /** The page, as one that people come from. */
  static final String NAME = "device";

  private static final String USER_CODE = "user_code";
  private static final int MAX_USER_CODE = 40;
  private static final int LATER_SECONDS = 60;

  private final ConfigurationClient configuration;
  private final OAuthClients clients;
  private final ProviderLinks providers;

  /** Routes that write through the accounts service. */
  public DeviceLogInRoutes(
      ConfigurationClient configuration, OAuthClients clients, ProviderLinks providers) {
    this.configuration = configuration;
    this.clients = clients;
    this.providers = providers;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, BEGIN, this::begin);
    endpoints.page(PAGE, this::show);
    endpoints.form(PAGE, Page.elsewhere(), this::decide);
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
            .put(USER_CODE, begun.userCode())
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
    var typed = exchange.query(USER_CODE).map(String::strip).orElse("");
    return typed.isEmpty()
        ? Future.succeededFuture(DevicePages.ask(Remark.NONE))
        : show(exchange, typed, Person.UNKNOWN, Remark.NONE);
  }

  /** The page again, for who went elsewhere to sign in. */
  Future<Answer.Whole> show(Exchange exchange, Origin origin, Person person) {
    String userCode = origin.fields().getOrDefault(USER_CODE, "");
    return show(exchange, userCode, person, Remark.NONE);
  }

  /** What waits, for who goes elsewhere to sign in; looked for when he is back. */
  Origin origin(Exchange exchange) {
    return exchange
        .query(USER_CODE)
        .filter(typed -> !typed.isBlank() && typed.length() <= MAX_USER_CODE)
        .map(typed -> new Origin(NAME, Map.of(USER_CODE, typed)))
        .orElse(Origin.NONE);
  }

  /** The page for what waits; told by its code alone, so that guessing is slowed down. */
  private Future<Answer.Whole> show(
      Exchange exchange, String userCode, Person person, Remark remark) {
    return configuration
        .by(exchange)
        .write(new OAuthRequest.FindDevice(userCode, exchange.clientAddress()))
        .compose(
            reply ->
                switch (reply) {
                  case OAuthReply.DeviceFound found ->
                      confirm(exchange, userCode, found, person, remark);
                  case OAuthReply.CodeInvalid _ ->
                      Future.succeededFuture(DevicePages.ask(unknown()));
                  case OAuthReply.TooManyGuesses(int seconds) ->
                      Future.succeededFuture(DevicePages.ask(Remark.tooMany(seconds)));
                  case OAuthReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(DevicePages.ask(Remark.databaseDown(seconds)));
                });
  }

  private Future<Answer.Whole> confirm(
      Exchange exchange,
      String userCode,
      OAuthReply.DeviceFound found,
      Person person,
      Remark remark) {
    var elsewhere =
        person.hasSignedIn()
            ? Future.succeededFuture("")
            : providers.html(exchange, new Origin(NAME, Map.of(USER_CODE, userCode)));
    return elsewhere.map(
        links ->
            DevicePages.confirm(
                userCode, clients.name(found.client()), found.scopes(), person, remark, links));
  }

  private static Remark unknown() {
    return new Remark(400, "No device shows this code, or not any more.", 0);
  }

  private Future<Answer.Whole> decide(Exchange exchange) {
    var fields = exchange.fields();
    String userCode = fields.text(USER_CODE).orElse("");
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
