package io.starling.api.oauth;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tokens, for whatever they are given for. A bearer token that comes along is ignored: Particle's
 * older tool sends its last one, even {@code Bearer null}.
 */
public final class OAuthRoutes {
  /** Where tokens are given. */
  static final String TOKEN = "/oauth/token";

  private final ConfigurationClient configuration;
  private final OAuthClients clients;
  private final CustomerGrants customers;
  private final InstantSource clock;
  private final TokenAnswers answers;
  private final CodeGrants codes;

  /** Routes that ask the accounts service. */
  public OAuthRoutes(
      ConfigurationClient configuration,
      OAuthClients clients,
      CustomerGrants customers,
      InstantSource clock) {
    this.configuration = configuration;
    this.clients = clients;
    this.customers = customers;
    this.clock = clock;
    this.answers = new TokenAnswers(clock);
    this.codes = new CodeGrants(configuration, answers);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, TOKEN, this::token);
  }

  /** Adds to what is told of this server (RFC 8414, section 2). */
  public static void describe(String base, JsonObject metadata) {
    var _ =
        metadata
            .put("token_endpoint", base + TOKEN)
            .put("token_endpoint_auth_methods_supported", new JsonArray(OAuthClients.METHODS))
            .put(
                "grant_types_supported",
                new JsonArray(Arrays.stream(GrantType.values()).map(GrantType::text).toList()))
            .put(
                "scopes_supported",
                new JsonArray(Arrays.stream(Scope.values()).map(Scope::text).toList()));
  }

  private Future<Answer.Whole> token(Exchange exchange) {
    return customers.token(exchange).orElseGet(() -> tokenOfOthers(exchange));
  }

  private Future<Answer.Whole> tokenOfOthers(Exchange exchange) {
    var shown = clients.shown(exchange);
    if (shown.isEmpty()) {
      return Future.succeededFuture(OAuthClients.unknown(exchange));
    }
    var client = shown.get();
    String asked = exchange.fields().text("grant_type").orElse("");
    var type = GrantType.named(asked);
    if (type.isEmpty()) {
      return asked.isEmpty()
          ? refuse("invalid_request", "Missing parameter: grant_type")
          : refuse("unsupported_grant_type", "This grant type is not supported");
    }
    if (needsSecret(type.get()) && !client.proved()) {
      return Future.succeededFuture(OAuthClients.unknown(exchange));
    }
    return mayUse(client, type.get())
        ? token(exchange, client.id(), type.get())
        : refuse("unauthorized_client", "This client may not use this grant type");
  }

  /** What follows from a page or from a token is bound to the client by more than its secret. */
  private static boolean needsSecret(GrantType type) {
    return switch (type) {
      case AUTHORIZATION_CODE, DEVICE_CODE, REFRESH_TOKEN -> false;
      case PASSWORD, ONE_TIME_PASSWORD, CLIENT_CREDENTIALS -> true;
    };
  }

  private static boolean mayUse(OAuthClients.Shown client, GrantType type) {
    return switch (type) {
      case CLIENT_CREDENTIALS -> client.ofProduct();
      case REFRESH_TOKEN -> true;
      // A product's customers log in by it, not the people of this server.
      case AUTHORIZATION_CODE, DEVICE_CODE, PASSWORD, ONE_TIME_PASSWORD -> !client.ofProduct();
    };
  }

  private Future<Answer.Whole> token(Exchange exchange, String client, GrantType type) {
    return switch (type) {
      case AUTHORIZATION_CODE -> codes.code(exchange, client);
      case CLIENT_CREDENTIALS -> actForProduct(exchange, client);
      case DEVICE_CODE -> codes.device(exchange, client);
      case PASSWORD -> password(exchange, client);
      case ONE_TIME_PASSWORD -> oneTimePassword(exchange, client);
      case REFRESH_TOKEN -> refresh(exchange, client);
    };
  }

  private Future<Answer.Whole> password(Exchange exchange, String client) {
    var fields = exchange.fields();
    var user = fields.text("username");
    var password = fields.text("password");
    if (user.isEmpty() || password.isEmpty()) {
      return refuse("invalid_request", "Missing parameters: username and password are required");
    }
    OptionalLong lifetime = TokenLifetime.of(fields, clock.instant());
    if (lifetime.isEmpty()) {
      return refuse("invalid_request", "expires_in or expires_at is not a time to come");
    }
    var scopes = AskedScopes.of(fields.text("scope"));
    if (scopes.isEmpty()) {
      return refuse("invalid_scope", "scope must be scopes with spaces between, or nothing");
    }
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.LogIn(
                user.get(),
                password.get(),
                client,
                exchange.clientAddress(),
                lifetime.getAsLong(),
                scopes.get()))
        .compose(reply -> answer(reply, TokenAnswers.scope(scopes.get())));
  }

  /** The second step; the tool asks again after a 403. */
  private Future<Answer.Whole> oneTimePassword(Exchange exchange, String client) {
    var fields = exchange.fields();
    var token = fields.text("mfa_token");
    var otp = fields.text("otp");
    if (token.isEmpty() || otp.isEmpty()) {
      return refuse("invalid_request", "Missing parameters: mfa_token and otp are required");
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.LogInWithOtp(token.get(), otp.get(), client))
        .compose(reply -> answer(reply, Optional.empty()));
  }

  /** RFC 6749, section 6. What follows is as good as what was, and no better. */
  private Future<Answer.Whole> refresh(Exchange exchange, String client) {
    var token = exchange.fields().text("refresh_token");
    if (token.isEmpty()) {
      return refuse("invalid_request", "Missing parameter: refresh_token");
    }
    if (exchange.fields().text("scope").filter(scope -> !scope.isBlank()).isPresent()) {
      return refuse("invalid_scope", "What follows has the scope of what was");
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.Refresh(token.get(), client, exchange.clientAddress()))
        .compose(
            reply ->
                reply instanceof PeopleReply.CredentialsInvalid
                    ? refuse("invalid_grant", "The refresh token is invalid")
                    : answer(reply, Optional.empty()));
  }

  private Future<Answer.Whole> actForProduct(Exchange exchange, String client) {
    OptionalLong lifetime = TokenLifetime.of(exchange.fields(), clock.instant());
    if (lifetime.isEmpty()) {
      return refuse("invalid_request", "expires_in or expires_at is not a time to come");
    }
    if (exchange.fields().text("scope").filter(scope -> !scope.isBlank()).isPresent()) {
      return refuse("invalid_scope", "A product's client has no scopes to choose from");
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.IssueClientToken(client, lifetime.getAsLong()))
        .compose(
            reply ->
                reply instanceof PeopleReply.CredentialsInvalid
                    ? refuse("invalid_client", "Client credentials are invalid")
                    : answer(reply, Optional.empty()));
  }

  private Future<Answer.Whole> answer(PeopleReply.LogInReply reply, Optional<String> scope) {
    return switch (reply) {
      case PeopleReply.LoggedIn in -> configuration.seen(in.position(), () -> token(in, scope));
      case PeopleReply.MfaRequired(var token) ->
          Future.succeededFuture(
              Answer.json(
                  403,
                  new JsonObject()
                      .put("error", "mfa_required")
                      .put("error_description", "Multi-factor authentication required")
                      .put("mfa_token", token)));
      case PeopleReply.OtpInvalid _ ->
          Future.succeededFuture(
              Errors.oauth(403, "invalid_otp", "The one-time password is invalid"));
      case PeopleReply.MfaTokenInvalid _ ->
          refuse("invalid_grant", "The time for the one-time password is over, log in again");
      case PeopleReply.CredentialsInvalid _ ->
          refuse("invalid_grant", "User credentials are invalid");
      case PeopleReply.TooManyAttempts(int seconds) ->
          Future.succeededFuture(
              Errors.oauth(429, "too_many_attempts", "Too many failed attempts, try again later")
                  .with("Retry-After", Integer.toString(Math.max(1, seconds))));
      case PeopleReply.DatabaseDown(int seconds) ->
          Future.succeededFuture(TokenAnswers.databaseDown(seconds));
    };
  }

  private Answer.Whole token(PeopleReply.LoggedIn in, Optional<String> scope) {
    return answers.tokens(in.token(), in.expiresAtMillis(), in.refreshToken(), scope.orElse(""));
  }

  private static Future<Answer.Whole> refuse(String code, String description) {
    return TokenAnswers.refuse(code, description);
  }
}
