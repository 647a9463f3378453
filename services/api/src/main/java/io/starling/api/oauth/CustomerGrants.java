package io.starling.api.oauth;

import io.starling.api.region.ConfigurationClient;
import io.starling.contract.CustomersReply;
import io.starling.contract.CustomersRequest;
import io.starling.contract.PeopleReply;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Tokens of the customers of products, for the clients of their product: when one is made, when the
 * client vouches for him ({@code scope=customer=ADDRESS}), and for his own password. A client that
 * is only for customers does not vouch: its secret may be in what everybody can install.
 */
public final class CustomerGrants {
  /** The scope of clients that only make customers and let them in. */
  static final String ONLY_CUSTOMERS = "create_customer";

  private static final String CUSTOMER = "customer=";

  private final ConfigurationClient configuration;
  private final Directory directory;
  private final InstantSource clock;

  /** Grants that the accounts service makes, to the clients of this directory. */
  public CustomerGrants(
      ConfigurationClient configuration, Directory directory, InstantSource clock) {
    this.configuration = configuration;
    this.directory = directory;
    this.clock = clock;
  }

  /** The client of a product that shows its secret: in the body, or as HTTP Basic. */
  public Optional<Entry.Client> client(Exchange exchange) {
    var fields = exchange.fields();
    var basic = OAuthClients.basic(exchange);
    var id = fields.text("client_id").or(() -> basic.map(Exchange.Basic::name));
    var secret = fields.text("client_secret").or(() -> basic.map(Exchange.Basic::password));
    return id.flatMap(directory::client)
        .filter(client -> client.product() != 0)
        .filter(client -> Secrets.matches(secret.orElse(""), client.secretHash()));
  }

  /** Answers for a product's client that means a customer; empty if it is about anything else. */
  Optional<Future<Answer.Whole>> token(Exchange exchange) {
    return client(exchange)
        .flatMap(
            client ->
                switch (exchange.fields().text("grant_type").orElse("")) {
                  case "password" -> Optional.of(logIn(exchange, client));
                  case "client_credentials" -> vouch(exchange, client);
                  default -> Optional.empty();
                });
  }

  private Future<Answer.Whole> logIn(Exchange exchange, Entry.Client client) {
    var email = exchange.fields().text("username");
    var password = exchange.fields().text("password");
    if (email.isEmpty() || password.isEmpty()) {
      return refuse("invalid_request", "Missing parameters: username and password are required");
    }
    var lifetime = TokenLifetime.of(exchange.fields(), clock.instant());
    return lifetime.isEmpty()
        ? refuseLifetime()
        : configuration
            .by(exchange)
            .write(
                new CustomersRequest.LogIn(
                    client.id(),
                    email.get(),
                    password.get(),
                    exchange.clientAddress(),
                    lifetime.getAsLong()))
            .compose(
                reply ->
                    answer(
                        reply,
                        email.get(),
                        refuse("invalid_grant", "User credentials are invalid")));
  }

  private Optional<Future<Answer.Whole>> vouch(Exchange exchange, Entry.Client client) {
    if (client.onlyCustomers()) {
      return Optional.of(refuse("unauthorized_client", "This client may not use this grant type"));
    }
    return exchange
        .fields()
        .text("scope")
        .map(String::strip)
        .filter(scope -> scope.startsWith(CUSTOMER))
        .map(scope -> vouch(exchange, client, scope.substring(CUSTOMER.length())));
  }

  private Future<Answer.Whole> vouch(Exchange exchange, Entry.Client client, String email) {
    var lifetime = TokenLifetime.of(exchange.fields(), clock.instant());
    return lifetime.isEmpty()
        ? refuseLifetime()
        : configuration
            .by(exchange)
            .write(new CustomersRequest.IssueToken(client.id(), email, lifetime.getAsLong()))
            .compose(
                reply ->
                    answer(reply, email, refuse("invalid_scope", "There is no such customer")));
  }

  private Future<Answer.Whole> answer(
      PeopleReply.LogInReply reply, String email, Future<Answer.Whole> wrong) {
    return switch (reply) {
      case PeopleReply.LoggedIn in -> configuration.seen(in.position(), () -> told(200, in, email));
      case PeopleReply.TooManyAttempts(int seconds) ->
          Future.succeededFuture(
              Errors.oauth(429, "too_many_attempts", "Too many failed attempts, try again later")
                  .with("Retry-After", Integer.toString(Math.max(1, seconds))));
      case PeopleReply.DatabaseDown(int seconds) -> databaseDown(seconds);
      // Customers have no second factor.
      case PeopleReply.CredentialsInvalid _,
          PeopleReply.MfaRequired _,
          PeopleReply.OtpInvalid _,
          PeopleReply.MfaTokenInvalid _ ->
          wrong;
    };
  }

  /** Makes a customer of a product, whose client shows its secret, and a token of his. */
  public Future<Answer.Whole> create(Exchange exchange, int product) {
    var client = client(exchange).filter(shown -> shown.product() == product);
    if (client.isEmpty()) {
      return refuse("invalid_client", "Client credentials are invalid");
    }
    var fields = exchange.fields();
    String email = fields.firstText("email", "username").map(String::strip).orElse("");
    boolean noPassword = fields.text("no_password").filter("true"::equals).isPresent();
    var password = fields.text("password").filter(_ -> !noPassword);
    if (!noPassword && password.isEmpty()) {
      return Future.succeededFuture(Errors.badRequest("password or no_password is required"));
    }
    var lifetime = TokenLifetime.of(fields, clock.instant());
    return lifetime.isEmpty()
        ? refuseLifetime()
        : configuration
            .by(exchange)
            .write(
                new CustomersRequest.CreateCustomer(
                    client.get().id(), email, password.orElse(null), lifetime.getAsLong()))
            .compose(reply -> created(reply, email));
  }

  private Future<Answer.Whole> created(CustomersReply.CreateReply reply, String email) {
    return switch (reply) {
      case PeopleReply.LoggedIn in -> configuration.seen(in.position(), () -> told(201, in, email));
      case PeopleReply.SignUpRefused(var reason) -> Future.succeededFuture(refused(reason));
      case PeopleReply.ClientNotFound _ ->
          refuse("invalid_client", "Client credentials are invalid");
      case CustomersReply.TooManyCustomers _ ->
          Future.succeededFuture(
              Errors.badRequest("The product has as many customers as it may have"));
      case PeopleReply.DatabaseDown(int seconds) -> databaseDown(seconds);
    };
  }

  /** Why an address or a password of a customer is not taken. */
  public static Answer.Whole refused(PeopleReply.SignUpRefused.Reason reason) {
    return Errors.badRequest(
        switch (reason) {
          case NOT_AN_EMAIL -> "email must be an email address";
          case IN_USE -> "email already in use";
          case PASSWORD_TOO_SHORT -> "password is too short";
          case PASSWORD_TOO_LONG -> "password is too long";
        });
  }

  private Answer.Whole told(int status, PeopleReply.LoggedIn in, String email) {
    var expiresAt = in.expiresAtMillis();
    var token =
        new JsonObject()
            .put("token_type", "bearer")
            .put("access_token", in.token())
            .put(
                "expires_in",
                expiresAt == null
                    ? TokenLifetime.NEVER_ENDS
                    : Math.max(1, Math.round((expiresAt - clock.millis()) / 1000.0)));
    if (in.refreshToken() != null) {
      token.put("refresh_token", in.refreshToken());
    }
    return Answer.json(status, token.put("scope", CUSTOMER + email));
  }

  private static Future<Answer.Whole> databaseDown(int seconds) {
    return Future.succeededFuture(
        Errors.oauth(503, "temporarily_unavailable", "Nobody can log in for now, try again")
            .with("Retry-After", Integer.toString(Math.max(1, seconds))));
  }

  private static Future<Answer.Whole> refuseLifetime() {
    return refuse("invalid_request", "expires_in or expires_at is not a time to come");
  }

  private static Future<Answer.Whole> refuse(String code, String description) {
    return Future.succeededFuture(Errors.oauth(400, code, description));
  }
}
