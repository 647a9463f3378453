package io.starling.api.consent;

import io.starling.api.consent.SignInForm.Person;
import io.starling.api.consent.SignInForm.Remark;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.contract.OidcRequest.Origin;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The page on which a person grants a token to a client, and what the page sends. */
public final class AuthorizeRoutes {
  /** Where it is. */
  public static final String PATH = "/oauth/authorize";

  /** The page, as one that people come from. */
  static final String NAME = "authorize";

  /** To be sent on after a form, by GET: 303, which counts as a secret that was right. */
  private static final int AFTER_FORM = 303;

  private static final int ELSEWHERE = 302;

  private final ConfigurationClient configuration;
  private final Directory directory;
  private final ProviderLinks providers;

  /** Routes that read here and write through the accounts service. */
  public AuthorizeRoutes(
      ConfigurationClient configuration, Directory directory, ProviderLinks providers) {
    this.configuration = configuration;
    this.directory = directory;
    this.providers = providers;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.page(PATH, this::show);
    endpoints.form(PATH, Page.elsewhere(), this::grant);
  }

  private Future<Answer.Whole> show(Exchange exchange) {
    return show(exchange, Authorization.read(directory, exchange::query), Person.UNKNOWN);
  }

  /** The page again, for who went elsewhere to sign in. */
  Future<Answer.Whole> show(Exchange exchange, Origin origin, Person person) {
    return show(
        exchange,
        Authorization.read(directory, name -> Optional.ofNullable(origin.fields().get(name))),
        person);
  }

  /** What is asked, for who goes elsewhere to sign in; nothing if it cannot be granted anyway. */
  Origin origin(Exchange exchange) {
    return Authorization.read(directory, exchange::query) instanceof Authorization.Asked asked
        ? new Origin(NAME, asked.fields())
        : Origin.NONE;
  }

  private Future<Answer.Whole> show(Exchange exchange, Authorization read, Person person) {
    return switch (read) {
      case Authorization.Untrusted(var why) -> Future.succeededFuture(Page.refusal(why));
      case Authorization.Refused refused -> Future.succeededFuture(refuse(exchange, refused));
      case Authorization.Asked asked -> page(exchange, asked, person, Remark.NONE);
    };
  }

  private Future<Answer.Whole> grant(Exchange exchange) {
    return switch (Authorization.read(directory, exchange.fields()::text)) {
      case Authorization.Untrusted(var why) -> Future.succeededFuture(Page.refusal(why));
      case Authorization.Refused refused -> Future.succeededFuture(refuse(exchange, refused));
      case Authorization.Asked asked -> grant(exchange, asked);
    };
  }

  private Future<Answer.Whole> grant(Exchange exchange, Authorization.Asked asked) {
    var person = SignInForm.person(exchange);
    return configuration
        .by(exchange)
        .write(
            new OAuthRequest.GrantCode(
                SignInForm.typed(exchange),
                asked.client().id(),
                asked.redirectUri().toString(),
                asked.challenge(),
                asked.scopes()))
        .compose(
            reply ->
                switch (reply) {
                  case OAuthReply.CodeGranted(var code) ->
                      Future.succeededFuture(
                          Answer.empty(AFTER_FORM)
                              .with(
                                  "Location",
                                  asked
                                      .redirectUri()
                                      .with(
                                          answer(exchange, asked.state(), Map.of("code", code)))));
                  case OAuthReply.SignInRefused refused ->
                      page(exchange, asked, person.withoutTicket(), Remark.of(refused));
                  case OAuthReply.DatabaseDown(int seconds) ->
                      page(exchange, asked, person, Remark.databaseDown(seconds));
                });
  }

  /** The page, for somebody who may have signed in already. */
  private Future<Answer.Whole> page(
      Exchange exchange, Authorization.Asked asked, Person person, Remark remark) {
    var elsewhere =
        person.hasSignedIn()
            ? Future.succeededFuture("")
            : providers.html(exchange, new Origin(NAME, asked.fields()));
    return elsewhere.map(links -> page(exchange, asked, person, remark, links));
  }

  private static Answer.Whole page(
      Exchange exchange,
      Authorization.Asked asked,
      Person person,
      Remark remark,
      String elsewhere) {
    String body =
        """
        <p><strong>%s</strong> wants to use your account. The answer goes to <strong>%s</strong>.</p>
        %s%s
        <form method="post" action="%s">%s
        %s<button>%s</button></form>%s
        <p><a href="%s">Do not allow</a></p>%s
        """
            .formatted(
                Page.text(asked.client().name()),
                Page.text(asked.redirectUri().host()),
                ScopeList.html(asked.scopes()),
                remark.html(),
                PATH,
                Page.hidden(asked.fields()),
                SignInForm.fields(person),
                person.button("Allow"),
                elsewhere,
                Page.text(denied(exchange, asked)),
                SignInForm.script(person));
    return remark.on(Page.of(remark.status(), "Allow this?", body, asked.redirectUri().origin()));
  }

  private static String denied(Exchange exchange, Authorization.Asked asked) {
    return asked
        .redirectUri()
        .with(answer(exchange, asked.state(), Map.of("error", "access_denied")));
  }

  private static Answer.Whole refuse(Exchange exchange, Authorization.Refused refused) {
    var told = new LinkedHashMap<String, String>();
    told.put("error", refused.error());
    told.put("error_description", refused.description());
    return Answer.empty(ELSEWHERE)
        .with("Location", refused.redirectUri().with(answer(exchange, refused.state(), told)));
  }

  /** With the client's state, and who it comes from (RFC 9207). */
  private static Map<String, String> answer(
      Exchange exchange, String state, Map<String, String> told) {
    var all = new LinkedHashMap<>(told);
    if (!state.isEmpty()) {
      all.put("state", state);
    }
    all.put("iss", exchange.baseUrl());
    return all;
  }
}
