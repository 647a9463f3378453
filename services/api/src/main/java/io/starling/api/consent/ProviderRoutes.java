package io.starling.api.consent;

import io.starling.api.consent.SignInForm.Person;
import io.starling.api.consent.SignInForm.Remark;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcRequest;
import io.starling.contract.OidcRequest.Origin;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Exchange;
import io.vertx.core.Future;

/**
 * Signing in through a provider: the way there, the way back, and what is asked of people whom the
 * provider's word is not enough for. All ways end on the page that somebody came from.
 */
public final class ProviderRoutes {
  /** Where it begins. */
  static final String BEGIN = "/oauth/oidc/begin";

  /** Where providers send people back to. */
  static final String CALLBACK = "/oauth/oidc/callback";

  /** Where people show what is asked for. */
  static final String CONFIRM = "/oauth/oidc/confirm";

  static final String PROVIDER = "provider";
  static final String PAGE = "page";

  private static final int ELSEWHERE = 302;
  private static final String COOKIE = "starling_oidc";
  private static final int COOKIE_SECONDS = 600;

  private final ConfigurationClient configuration;
  private final AuthorizeRoutes authorize;
  private final DeviceLogInRoutes devices;

  /** Routes that lead back to these pages. */
  public ProviderRoutes(
      ConfigurationClient configuration, AuthorizeRoutes authorize, DeviceLogInRoutes devices) {
    this.configuration = configuration;
    this.authorize = authorize;
    this.devices = devices;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.page(BEGIN, this::begin);
    endpoints.page(CALLBACK, this::comeBack);
    endpoints.form(CONFIRM, Page.elsewhere(), this::confirm);
  }

  private Future<Answer.Whole> begin(Exchange exchange) {
    var origin =
        switch (exchange.query(PAGE).orElse("")) {
          case AuthorizeRoutes.NAME -> authorize.origin(exchange);
          case DeviceLogInRoutes.NAME -> devices.origin(exchange);
          default -> Origin.NONE;
        };
    if (origin.page().isEmpty()) {
      return Future.succeededFuture(Page.refusal("It is not known where you come from."));
    }
    return configuration
        .by(exchange)
        .write(
            new OidcRequest.Begin(exchange.query(PROVIDER).orElse(""), origin),
            OidcRequest.DEADLINE)
        .map(
            reply ->
                switch (reply) {
                  case OidcReply.Begun(var url, var browser, boolean secure) ->
                      Answer.empty(ELSEWHERE)
                          .with("Location", url)
                          .with("Referrer-Policy", "no-referrer")
                          .with("Set-Cookie", cookie(browser, COOKIE_SECONDS, secure));
                  case OidcReply.Refused refused -> ProviderPages.refusal(refused);
                  case OidcReply.DatabaseDown(int seconds) -> ProviderPages.databaseDown(seconds);
                });
  }

  private static String cookie(String value, int seconds, boolean secure) {
    return "%s=%s; Path=/oauth/oidc; Max-Age=%d; HttpOnly; SameSite=Lax%s"
        .formatted(COOKIE, value, seconds, secure ? "; Secure" : "");
  }

  private Future<Answer.Whole> comeBack(Exchange exchange) {
    var cookie = exchange.request().getCookie(COOKIE);
    return configuration
        .by(exchange)
        .write(
            new OidcRequest.Finish(
                exchange.query("state").orElse(""),
                cookie == null ? "" : cookie.getValue(),
                exchange.query("code").orElse(""),
                exchange.query("error").orElse(""),
                exchange.query("iss").orElse("")),
            OidcRequest.DEADLINE)
        .compose(
            reply ->
                switch (reply) {
                  case OidcReply.SignedIn in -> signedIn(exchange, in);
                  case OidcReply.ProofNeeded needed ->
                      Future.succeededFuture(ProviderPages.ask(needed, Remark.NONE));
                  case OidcReply.Refused refused ->
                      Future.succeededFuture(ProviderPages.refusal(refused));
                  case OidcReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ProviderPages.databaseDown(seconds));
                })
        // Whatever came of it, it is used up.
        .map(answer -> answer.with("Set-Cookie", cookie("", 0, false)));
  }

  private Future<Answer.Whole> confirm(Exchange exchange) {
    var fields = exchange.fields();
    return configuration
        .by(exchange)
        .write(
            new OidcRequest.Confirm(
                fields.text("proof").orElse(""),
                fields.text("password").orElse(""),
                fields.text("otp").orElse(""),
                exchange.clientAddress()))
        .compose(
            reply ->
                switch (reply) {
                  case OidcReply.SignedIn in -> signedIn(exchange, in);
                  case OidcReply.ProofRefused(var reason, int seconds, var needed) ->
                      Future.succeededFuture(
                          ProviderPages.ask(needed, Remark.of(new SignInRefused(reason, seconds))));
                  case OidcReply.Refused refused ->
                      Future.succeededFuture(ProviderPages.refusal(refused));
                  case OidcReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ProviderPages.databaseDown(seconds));
                });
  }

  /** On to the page that somebody came from, which looks at what it is asked anew. */
  private Future<Answer.Whole> signedIn(Exchange exchange, OidcReply.SignedIn in) {
    var person = new Person(in.email(), in.ticket());
    return switch (in.origin().page()) {
      case AuthorizeRoutes.NAME -> authorize.show(exchange, in.origin(), person);
      case DeviceLogInRoutes.NAME -> devices.show(exchange, in.origin(), person);
      default -> Future.succeededFuture(Page.refusal("It is not known where you came from."));
    };
  }
}
