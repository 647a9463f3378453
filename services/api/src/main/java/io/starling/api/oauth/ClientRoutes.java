package io.starling.api.oauth;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoint;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** OAuth clients: the caller's at {@code /v1/clients}, a product's below the product. */
public final class ClientRoutes {
  private static final int MAX_NAME = 64;
  private static final String NO_NAME =
      "name must have 1 to " + MAX_NAME + " characters that can be seen";

  /** Control characters, and those that turn the direction of text. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private static final String WEB = "web";

  private final Access access;
  private final ConfigurationClient configuration;
  private final Directory directory;

  /** Routes that read here and write through the accounts service. */
  public ClientRoutes(Access access, ConfigurationClient configuration, Directory directory) {
    this.access = access;
    this.configuration = configuration;
    this.directory = directory;
  }

  /** Whose clients a path means: of a product, or of none (0). */
  @FunctionalInterface
  private interface OfProduct {
    Future<? extends Answer> answer(Exchange exchange, int product);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    for (String all : new String[] {"/v1/clients", "/v1/products/:product/clients"}) {
      String one = all + "/:client";
      endpoints.guarded(HttpMethod.GET, all, Scope.CLIENTS_LIST, of(this::list));
      endpoints.guarded(HttpMethod.POST, all, Scope.CLIENTS_CREATE, of(this::create));
      endpoints.guarded(HttpMethod.PUT, one, Scope.CLIENTS_UPDATE, of(this::edit));
      endpoints.guarded(HttpMethod.DELETE, one, Scope.CLIENTS_REMOVE, of(this::delete));
    }
  }

  private Endpoint of(OfProduct route) {
    return exchange ->
        exchange.hasPath("product")
            ? access.product(exchange).then(product -> route.answer(exchange, product.id()))
            : route.answer(exchange, 0);
  }

  private Future<Answer.Whole> list(Exchange exchange, int product) {
    var clients = new JsonArray();
    directory
        .clientsOf(access.account(exchange), product)
        .forEach(client -> clients.add(json(client)));
    return Future.succeededFuture(
        Answer.json(new JsonObject().put("ok", true).put("clients", clients)));
  }

  private Future<Answer.Whole> create(Exchange exchange, int product) {
    var fields = exchange.fields();
    String name = fields.text("name").map(String::strip).orElse("");
    String type = fields.text("type").orElse("installed");
    var uri = fields.text("redirect_uri").filter(text -> !text.isBlank());
    var wrong = wrong(name, type, uri).or(() -> wrongScope(exchange, product));
    if (wrong.isPresent()) {
      return Future.succeededFuture(Errors.badRequest(wrong.get()));
    }
    var account = access.account(exchange);
    return configuration
        .by(exchange)
        .write(
            new PeopleRequest.CreateClient(
                account, product, name, type, uri.orElse(null), isOnlyForCustomers(exchange)))
        .compose(
            reply ->
                switch (reply) {
                  case PeopleReply.ClientCreated(var id, var secret, var position) ->
                      configuration.seen(
                          position,
                          () ->
                              answer(
                                  json(
                                          id,
                                          name,
                                          type,
                                          uri.orElse(null),
                                          product,
                                          isOnlyForCustomers(exchange))
                                      .put("secret", secret)));
                  case PeopleReply.ClientNotFound _ ->
                      Future.succeededFuture(Errors.error(404, "Product not found."));
                  case PeopleReply.TooManyClients _ ->
                      Future.succeededFuture(Errors.badRequest("There are too many clients"));
                  case PeopleReply.DatabaseDown(int seconds) -> databaseDown(seconds);
                });
  }

  /** People are asked whether they trust who is called so: it must look like what it is. */
  private static boolean isNoName(String name) {
    return name.isEmpty() || name.length() > MAX_NAME || UNSEEN.matcher(name).find();
  }

  private static Optional<String> wrong(String name, String type, Optional<String> uri) {
    if (isNoName(name)) {
      return Optional.of(NO_NAME);
    }
    if (!type.equals("installed") && !type.equals(WEB)) {
      return Optional.of("type must be installed or web");
    }
    if (uri.isPresent() ? RedirectUri.of(uri.get()).isEmpty() : type.equals(WEB)) {
      return Optional.of(
          "redirect_uri must be https, or http to 127.0.0.1, [::1] or localhost, and without"
              + " fragment");
    }
    return Optional.empty();
  }

  /** What is not enforced is not taken. */
  private static Optional<String> wrongScope(Exchange exchange, int product) {
    var scope = scope(exchange).filter(text -> !text.equals("full"));
    if (scope.isEmpty() || (product != 0 && isOnlyForCustomers(exchange))) {
      return Optional.empty();
    }
    return Optional.of("scope must be full, or of a product's client create_customer");
  }

  private static Optional<String> scope(Exchange exchange) {
    return exchange.fields().text("scope").map(String::strip).filter(text -> !text.isEmpty());
  }

  /** Particle's documentation has the product behind it, which the path tells already. */
  private static boolean isOnlyForCustomers(Exchange exchange) {
    return scope(exchange)
        .filter(
            text ->
                text.equals(CustomerGrants.ONLY_CUSTOMERS)
                    || text.equals(CustomerGrants.ONLY_CUSTOMERS + "=" + exchange.path("product")))
        .isPresent();
  }

  private Future<Answer.Whole> edit(Exchange exchange, int product) {
    String name = exchange.fields().text("name").map(String::strip).orElse("");
    if (isNoName(name)) {
      return Future.succeededFuture(Errors.badRequest(NO_NAME));
    }
    var account = access.account(exchange);
    String id = exchange.path("client");
    return configuration
        .by(exchange)
        .write(new PeopleRequest.EditClient(account, product, id, name))
        .compose(
            reply ->
                answer(
                    reply,
                    () ->
                        directory
                            .client(id)
                            .map(client -> answer(json(client)))
                            .orElseGet(ClientRoutes::absent)));
  }

  private Future<Answer.Whole> delete(Exchange exchange, int product) {
    var account = access.account(exchange);
    return configuration
        .by(exchange)
        .write(new PeopleRequest.DeleteClient(account, product, exchange.path("client")))
        .compose(reply -> answer(reply, () -> Answer.empty(204)));
  }

  private Future<Answer.Whole> answer(
      PeopleReply.ClientReply reply, java.util.function.Supplier<Answer.Whole> done) {
    return switch (reply) {
      case PeopleReply.Written(var position) -> configuration.seen(position, done);
      case PeopleReply.ClientNotFound _ -> Future.succeededFuture(absent());
      case PeopleReply.DatabaseDown(int seconds) -> databaseDown(seconds);
    };
  }

  private static Answer.Whole absent() {
    return Errors.error(404, "Client not found.");
  }

  private static Future<Answer.Whole> databaseDown(int seconds) {
    return Future.succeededFuture(
        Errors.unavailable("Clients cannot be changed for now, try again", seconds));
  }

  private static Answer.Whole answer(JsonObject client) {
    return Answer.json(new JsonObject().put("ok", true).put("client", client));
  }

  private static JsonObject json(Entry.Client client) {
    return json(
        client.id(),
        client.name(),
        client.type(),
        client.redirectUri(),
        client.product(),
        client.onlyCustomers());
  }

  private static JsonObject json(
      String id,
      String name,
      String type,
      @Nullable String redirectUri,
      int product,
      boolean onlyCustomers) {
    var json = new JsonObject().put("id", id).put("name", name).put("type", type);
    if (onlyCustomers) {
      json.put("scope", CustomerGrants.ONLY_CUSTOMERS);
    }
    if (redirectUri != null) {
      json.put("redirect_uri", redirectUri);
    }
    return product == 0 ? json : json.put("product_id", product);
  }
}
