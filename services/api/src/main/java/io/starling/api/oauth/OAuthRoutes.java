package io.starling.api.oauth;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for passwords. A bearer token that comes along is ignored: Particle's older tool sends its
 * last one, even {@code Bearer null}.
 */
public final class OAuthRoutes {
  private static final Pattern SPACES = Pattern.compile(" +");

  private final ConfigurationClient configuration;
  private final OAuthClients clients;
  private final CustomerGrants customers;
  private final InstantSource clock;

  /** Routes that ask the accounts service. */
  public OAuthRoutes(ConfigurationClient configuration, Directory directory, InstantSource clock) {
    this.configuration = configuration;
    this.clients = new OAuthClients(directory);
    this.customers = new CustomerGrants(configuration, directory, clock);
    this.clock = clock;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.open(HttpMethod.POST, "/oauth/token", this::token);
  }

  private record Client(String id, String secret) {
    @Override
    public String toString() {
      return "Client[" + id + "]";
    }
  }

  private Future<Answer.Whole> token(Exchange exchange) {
    return customers.token(exchange).orElseGet(() -> tokenOfOthers(exchange));
  }

  private Future<Answer.Whole> tokenOfOthers(Exchange exchange) {
    var client = client(exchange);
    var kind =
        client.map(told -> clients.kind(told.id(), told.secret())).orElse(OAuthClients.Kind.NONE);
    if (client.isEmpty() || kind == OAuthClients.Kind.NONE) {
      return refuse("invalid_client", "Client credentials are invalid");
    }
    boolean ofProduct = kind == OAuthClients.Kind.OF_A_PRODUCT;
    return switch (exchange.fields().text("grant_type").orElse("")) {
      case "client_credentials" ->
          ofProduct ? actForProduct(exchange, client.get()) : notOfThisClient();
      // Its customers log in by it, not the people of this server.
      case "password" -> ofProduct ? notOfThisClient() : password(exchange, client.get());
      case "urn:custom:mfa-otp" ->
          ofProduct ? notOfThisClient() : oneTimePassword(exchange, client.get());
      case "refresh_token" -> refresh(exchange, client.get());
      case "" -> refuse("invalid_request", "Missing parameter: grant_type");
      default -> refuse("unsupported_grant_type", "This grant type is not supported");
    };
  }

  private Future<Answer.Whole> password(Exchange exchange, Client client) {
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
    var scopes = scopes(fields);
    if (scopes.isEmpty()) {
      return refuse("invalid_scope", "scope must be scopes with spaces between, or nothing");
    }
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.LogIn(
                user.get(),
                password.get(),
                client.id(),
                exchange.clientAddress(),
                lifetime.getAsLong(),
                scopes.get()))
        .compose(
            reply ->
                answer(
                    reply,
                    Optional.of(String.join(" ", scopes.get())).filter(text -> !text.isEmpty())));
  }

  /**
   * What the token is to be limited to (RFC 6749, section 3.3); empty if there is no such scope.
   */
  private static Optional<List<String>> scopes(Fields fields) {
    var names = fields.text("scope").map(String::strip).orElse("");
    if (names.isEmpty()) {
      return Optional.of(List.of());
    }
    var scopes = List.of(SPACES.split(names, -1));
    return scopes.stream().allMatch(name -> Scope.named(name).isPresent())
        ? Optional.of(scopes)
        : Optional.empty();
  }

  /** The second step; the tool asks again after a 403. */
  private Future<Answer.Whole> oneTimePassword(Exchange exchange, Client client) {
    var fields = exchange.fields();
    var token = fields.text("mfa_token");
    var otp = fields.text("otp");
    if (token.isEmpty() || otp.isEmpty()) {
      return refuse("invalid_request", "Missing parameters: mfa_token and otp are required");
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.LogInWithOtp(token.get(), otp.get(), client.id()))
        .compose(reply -> answer(reply, Optional.empty()));
  }

  /** RFC 6749, section 6. What follows is as good as what was, and no better. */
  private Future<Answer.Whole> refresh(Exchange exchange, Client client) {
    var token = exchange.fields().text("refresh_token");
    if (token.isEmpty()) {
      return refuse("invalid_request", "Missing parameter: refresh_token");
    }
    if (exchange.fields().text("scope").filter(scope -> !scope.isBlank()).isPresent()) {
      return refuse("invalid_scope", "What follows has the scope of what was");
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.Refresh(token.get(), client.id(), exchange.clientAddress()))
        .compose(
            reply ->
                reply instanceof PeopleReply.CredentialsInvalid
                    ? refuse("invalid_grant", "The refresh token is invalid")
                    : answer(reply, Optional.empty()));
  }

  private static Future<Answer.Whole> notOfThisClient() {
    return refuse("unauthorized_client", "This client may not use this grant type");
  }

  private Future<Answer.Whole> actForProduct(Exchange exchange, Client client) {
    OptionalLong lifetime = TokenLifetime.of(exchange.fields(), clock.instant());
    if (lifetime.isEmpty()) {
      return refuse("invalid_request", "expires_in or expires_at is not a time to come");
    }
    if (exchange.fields().text("scope").filter(scope -> !scope.isBlank()).isPresent()) {
      return refuse("invalid_scope", "A product's client has no scopes to choose from");
    }
    return configuration
        .by(exchange)
        .write(new PeopleRequest.IssueClientToken(client.id(), lifetime.getAsLong()))
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
          Future.succeededFuture(
              Errors.oauth(503, "temporarily_unavailable", "Nobody can log in for now, try again")
                  .with("Retry-After", Integer.toString(Math.max(1, seconds))));
    };
  }

  private Answer.Whole token(PeopleReply.LoggedIn in, Optional<String> scope) {
    var token =
        new JsonObject()
            .put("token_type", "bearer")
            .put("access_token", in.token())
            .put("expires_in", remaining(in.expiresAtMillis()));
    if (in.refreshToken() != null) {
      token.put("refresh_token", in.refreshToken());
    }
    scope.ifPresent(text -> token.put("scope", text));
    return Answer.json(token);
  }

  private long remaining(@Nullable Long expiresAtMillis) {
    return expiresAtMillis == null
        ? TokenLifetime.NEVER_ENDS
        : Math.max(1, Math.round((expiresAtMillis - clock.millis()) / 1000.0));
  }

  private static Future<Answer.Whole> refuse(String code, String description) {
    return Future.succeededFuture(Errors.oauth(400, code, description));
  }

  /** In the body, or as HTTP Basic (RFC 6749, section 2.3.1). */
  private static Optional<Client> client(Exchange exchange) {
    var fields = exchange.fields();
    var id = fields.text("client_id");
    if (id.isPresent()) {
      return Optional.of(new Client(id.get(), fields.text("client_secret").orElse("")));
    }
    return exchange.basic().map(basic -> new Client(basic.name(), basic.password()));
  }
}
