package io.starling.api.consent;

import io.starling.api.consent.SignInForm.Person;
import io.starling.api.consent.SignInForm.Remark;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;

/** The page on which a person grants a token to a client, and what the page sends. */
public final class AuthorizeRoutes {
  /** Where it is. */
  public static final String PATH = "/oauth/authorize";

  /** To be sent on after a form, by GET: 303, which counts as a secret that was right. */
  private static final int AFTER_FORM = 303;

  private static final int ELSEWHERE = 302;

  private final ConfigurationClient configuration;
  private final Directory directory;

  /** Routes that read here and write through the accounts service. */
  public AuthorizeRoutes(ConfigurationClient configuration, Directory directory) {
    this.configuration = configuration;
    this.directory = directory;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.GET, PATH, this::show);
    endpoints.open(HttpMethod.POST, PATH, this::grant);
  }

  private Future<Answer.Whole> show(Exchange exchange) {
    return Future.succeededFuture(
        switch (Authorization.read(directory, exchange::query)) {
          case Authorization.Untrusted(var why) -> Page.refusal(why);
          case Authorization.Refused refused -> refuse(exchange, refused);
          case Authorization.Asked asked -> page(exchange, asked, Person.UNKNOWN, Remark.NONE);
        });
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
        .map(
            reply ->
                switch (reply) {
                  case OAuthReply.CodeGranted(var code) ->
                      Answer.empty(AFTER_FORM)
                          .with(
                              "Location",
                              asked
                                  .redirectUri()
                                  .with(answer(exchange, asked.state(), Map.of("code", code))));
                  case OAuthReply.SignInRefused refused ->
                      page(exchange, asked, person.withoutTicket(), Remark.of(refused));
                  case OAuthReply.DatabaseDown(int seconds) ->
                      page(exchange, asked, person, Remark.databaseDown(seconds));
                });
  }

  /** The page, for somebody who may have signed in already. */
  static Answer.Whole page(
      Exchange exchange, Authorization.Asked asked, Person person, Remark remark) {
    String body =
        """
        <p><strong>%s</strong> wants to use your account. The answer goes to <strong>%s</strong>.</p>
        %s%s
        <form method="post" action="%s">%s
        %s<button>%s</button></form>
        <p><a href="%s">Do not allow</a></p>
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
                Page.text(denied(exchange, asked)));
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
