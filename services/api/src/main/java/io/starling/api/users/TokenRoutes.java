package io.starling.api.users;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Secrets;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Principal;
import io.starling.http.Timestamps;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Looking at and revoking access tokens. */
public final class TokenRoutes {
  private final Directory directory;
  private final ConfigurationClient configuration;

  /** Routes that read the directory and write through the accounts service. */
  public TokenRoutes(Directory directory, ConfigurationClient configuration) {
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/access_tokens/current", Scope.TOKEN, this::current);
    endpoints.guarded(
        HttpMethod.DELETE, "/v1/access_tokens/current", Scope.TOKEN, this::revokeCurrent);
    endpoints.guarded(HttpMethod.DELETE, "/v1/access_tokens", Scope.SELF, this::revokeAll);
    endpoints.open(HttpMethod.GET, "/v1/access_tokens", this::list);
    // Possession is enough: the tools send no other authorization.
    endpoints.open(HttpMethod.DELETE, "/v1/access_tokens/:token", this::revoke);
  }

  private Future<Answer.Whole> current(Exchange exchange) {
    var principal = exchange.principal();
    var expiresAt = principal.expiresAt();
    return Future.succeededFuture(
        Answer.json(
            new JsonObject()
                .put("expires_at", expiresAt == null ? null : Timestamps.of(expiresAt))
                .put("client", principal.client())
                .put("scopes", scopes(principal))
                .put("orgs", organizations(principal))));
  }

  /** The slugs of the organizations that its account is in. */
  private JsonArray organizations(Principal principal) {
    var slugs = new JsonArray();
    directory.organizations().of(principal.account()).stream()
        .flatMap(in -> directory.organizations().find(in.organization()).stream())
        .forEach(organization -> slugs.add(organization.slug()));
    return slugs;
  }

  /** What the token is limited to; none for nothing. */
  private static JsonArray scopes(Principal principal) {
    var names = new JsonArray();
    if (principal.scopes() != null) {
      principal.scopes().forEach(scope -> names.add(scope.text()));
    }
    return names;
  }

  /** With a name and a password. Who is unknown is answered as who has another password. */
  private Future<Answer.Whole> list(Exchange exchange) {
    var basic = exchange.basic();
    if (basic.isEmpty()) {
      return Future.succeededFuture(Errors.errors(400, "username and password are required"));
    }
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.ListTokens(
                basic.get().name(),
                basic.get().password(),
                exchange.query("otp").orElse(""),
                exchange.clientAddress()))
        .map(TokenRoutes::answer);
  }

  private static Answer.Whole answer(PeopleReply.ListTokensReply reply) {
    return switch (reply) {
      case PeopleReply.TokensFound(var tokens) -> {
        var list = new JsonArray();
        tokens.forEach(token -> list.add(json(token)));
        yield Answer.json(list);
      }
      case PeopleReply.CredentialsInvalid _ -> Errors.errors(401, "Bad password");
      case PeopleReply.OtpInvalid _ -> Errors.errors(403, "otp is required, and a good one");
      case PeopleReply.TooManyAttempts(int seconds) ->
          Errors.tooMany("Too many failed attempts, try again later", seconds);
      case PeopleReply.DatabaseDown(int seconds) ->
          Errors.unavailable("Tokens cannot be listed for now, try again", seconds);
    };
  }

  /** The whole of a token is told once, when it is made. */
  private static JsonObject json(PeopleReply.TokenLine token) {
    return new JsonObject()
        .put("token", "…" + token.tail())
        .put("expires_at", time(token.expiresAtMillis()))
        .put("client", token.client())
        .put("created_at", time(token.createdAtMillis()))
        .put("last_used", time(token.lastUsedAtMillis()));
  }

  private static @Nullable String time(@Nullable Long millis) {
    return millis == null ? null : Timestamps.of(millis);
  }

  private Future<Answer.Whole> revoke(Exchange exchange) {
    return write(exchange, new PeopleRequest.RevokeToken(Secrets.hash(exchange.path("token"))));
  }

  private Future<Answer.Whole> revokeCurrent(Exchange exchange) {
    return write(exchange, new PeopleRequest.RevokeToken(exchange.principal().tokenHash()));
  }

  private Future<Answer.Whole> revokeAll(Exchange exchange) {
    return configuration
        .by(exchange)
        .write(new PeopleRequest.RevokeAllTokens(exchange.principal().account()))
        .compose(this::answer);
  }

  private Future<Answer.Whole> write(Exchange exchange, PeopleRequest.RevokeToken request) {
    return configuration.by(exchange).write(request).compose(this::answer);
  }

  private Future<Answer.Whole> answer(PeopleReply.WriteReply reply) {
    return switch (reply) {
      case PeopleReply.Written(var position) -> configuration.seen(position, Answer::ok);
      case PeopleReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(
              Errors.unavailable("Nothing can be revoked for now, try again", seconds));
    };
  }
}
