package io.starling.api.oauth;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Exchange;
import io.starling.http.Principal;
import io.starling.http.TokenCheck;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What clients ask about tokens that were given to them: to revoke one (RFC 7009), and whether one
 * is good (RFC 7662). A token of another client is answered as one that there is not.
 */
public final class OwnTokenRoutes {
  /** Where tokens are revoked. */
  static final String REVOKE = "/oauth/revoke";

  /** Where it is told whether they are good. */
  static final String INTROSPECT = "/oauth/introspect";

  private final ConfigurationClient configuration;
  private final OAuthClients clients;
  private final TokenCheck tokens;
  private final Directory directory;

  /** Routes that read here and write through the accounts service. */
  public OwnTokenRoutes(
      ConfigurationClient configuration,
      OAuthClients clients,
      TokenCheck tokens,
      Directory directory) {
    this.configuration = configuration;
    this.clients = clients;
    this.tokens = tokens;
    this.directory = directory;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, REVOKE, this::revoke);
    endpoints.open(HttpMethod.POST, INTROSPECT, this::introspect);
  }

  /** Adds to what is told of this server (RFC 8414, section 2). */
  public static void describe(String base, JsonObject metadata) {
    var secret = OAuthClients.METHODS.stream().filter(way -> !way.equals("none")).toList();
    var _ =
        metadata
            .put("revocation_endpoint", base + REVOKE)
            .put("revocation_endpoint_auth_methods_supported", new JsonArray(OAuthClients.METHODS))
            .put("introspection_endpoint", base + INTROSPECT)
            .put("introspection_endpoint_auth_methods_supported", new JsonArray(secret));
  }

  private Future<Answer.Whole> revoke(Exchange exchange) {
    var client = clients.shown(exchange);
    var token = exchange.fields().text("token");
    if (client.isEmpty()) {
      return Future.succeededFuture(OAuthClients.unknown(exchange));
    }
    if (token.isEmpty()) {
      return TokenAnswers.refuse("invalid_request", "Missing parameter: token");
    }
    return configuration
        .by(exchange)
        .write(new OAuthRequest.RevokeOwn(Secrets.hash(token.get()), client.get().id()))
        .compose(
            reply ->
                switch (reply) {
                  case OAuthReply.Written(var position) ->
                      configuration.seen(position, () -> Answer.json(new JsonObject()));
                  case OAuthReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(TokenAnswers.databaseDown(seconds));
                });
  }

  /** Of access tokens only: a refresh token is told by using it. */
  private Future<Answer.Whole> introspect(Exchange exchange) {
    var client = clients.shown(exchange).filter(known -> known.confidential() && known.proved());
    var token = exchange.fields().text("token");
    if (client.isEmpty()) {
      return Future.succeededFuture(OAuthClients.unknown(exchange));
    }
    if (token.isEmpty()) {
      return TokenAnswers.refuse("invalid_request", "Missing parameter: token");
    }
    return tokens
        .look(token)
        .map(
            verdict ->
                switch (verdict) {
                  case TokenCheck.Known(var who) when who.client().equals(client.get().id()) ->
                      Answer.json(active(who));
                  case TokenCheck.Refused(var answer) when answer.status() == 503 -> answer;
                  case TokenCheck.Known _, TokenCheck.Refused _ ->
                      Answer.json(new JsonObject().put("active", false));
                });
  }

  private JsonObject active(Principal who) {
    var json =
        new JsonObject()
            .put("active", true)
            .put("token_type", "bearer")
            .put("client_id", who.client())
            .put("sub", who.account().toString());
    directory
        .account(who.account())
        .map(Entry.Account::email)
        .ifPresent(it -> json.put("username", it));
    if (who.expiresAt() != null) {
      json.put("exp", who.expiresAt().getEpochSecond());
    }
    var scopes = who.scopes() == null ? List.<Scope>of() : who.scopes();
    TokenAnswers.scope(scopes.stream().map(Scope::text).sorted().toList())
        .ifPresent(text -> json.put("scope", text));
    return json;
  }
}
