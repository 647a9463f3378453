package io.starling.api.users;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcRequest;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Through which providers the account may be signed in to, and through which no more. */
public final class IdentityRoutes {
  private static final Answer.Whole ABSENT = Errors.error(404, "Identity not found.");
  private static final String IDENTITIES = "/v1/user/identities";

  private final ConfigurationClient configuration;

  /** Routes that ask the accounts service. */
  public IdentityRoutes(ConfigurationClient configuration) {
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, IDENTITIES, Scope.SELF, this::list);
    endpoints.guarded(HttpMethod.DELETE, IDENTITIES + "/:identity", Scope.SELF, this::remove);
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(new OidcRequest.ListIdentities(exchange.principal().account()))
        .map(
            reply ->
                switch (reply) {
                  case OidcReply.Identities(var identities) -> {
                    var shown = new JsonArray();
                    identities.stream().map(IdentityRoutes::json).forEach(shown::add);
                    yield Answer.json(new JsonObject().put("identities", shown));
                  }
                  case OidcReply.DatabaseDown(int seconds) ->
                      Errors.unavailable(
                          "Identities cannot be looked up for now, try again", seconds);
                });
  }

  private static JsonObject json(OidcReply.Identity identity) {
    return new JsonObject()
        .put("id", identity.id())
        .put("provider", identity.provider())
        .put("issuer", identity.issuer())
        .put("email", identity.email())
        .put("linked_at", Timestamps.of(identity.linkedAtMillis()));
  }

  private Future<Answer.Whole> remove(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(
            new OidcRequest.RemoveIdentity(
                exchange.principal().account(), exchange.path("identity")))
        .map(
            reply ->
                switch (reply) {
                  case OidcReply.Removed _ -> Answer.empty(204);
                  case OidcReply.UnknownIdentity _ -> ABSENT;
                  case OidcReply.LastWayIn _ ->
                      Errors.badRequest(
                          "It is the only way into the account: set a password before");
                  case OidcReply.DatabaseDown(int seconds) ->
                      ConfigurationClient.unavailable(seconds);
                });
  }
}
