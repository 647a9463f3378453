package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountsReply;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Listing, looking at, making and changing products. */
public final class ProductRoutes {
  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_DESCRIPTION_LENGTH = 1_024;
  private static final int MAX_SETTINGS = 4_096;
  private static final Answer.Whole ABSENT = Errors.error(404, "Product not found.");

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final ProductJson json;

  /** Routes that read here and write through the accounts service. */
  public ProductRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.json = new ProductJson(directory);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/products", Scope.PRODUCTS_LIST, this::list);
    endpoints.guarded(HttpMethod.GET, "/v1/user/products", Scope.PRODUCTS_LIST, this::list);
    endpoints.guarded(HttpMethod.POST, "/v1/user/products", Scope.PRODUCTS_CREATE, this::create);
    endpoints.guarded(
        HttpMethod.GET, "/v1/orgs/:org/products", Scope.PRODUCTS_LIST, this::ofOrganization);
    endpoints.guarded(
        HttpMethod.POST, "/v1/orgs/:org/products", Scope.PRODUCTS_CREATE, this::create);
    endpoints.guarded(HttpMethod.GET, "/v1/products/:product", Scope.PRODUCTS_GET, this::get);
    endpoints.guarded(HttpMethod.PUT, "/v1/products/:product", Scope.PRODUCTS_UPDATE, this::put);
    endpoints.guarded(
        HttpMethod.DELETE, "/v1/products/:product", Scope.PRODUCTS_REMOVE, this::delete);
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    var account = exchange.principal().account();
    var own = directory.productsOf(account).stream();
    var byTeam =
        TeamRoutes.productsOf(directory, account).stream()
            .flatMap(id -> directory.product(id).stream());
    var byOrganization =
        directory.organizations().of(account).stream()
            .flatMap(colleague -> directory.productsOf(colleague.organization()).stream());
    return shown(Stream.of(own, byTeam, byOrganization).flatMap(some -> some).distinct());
  }

  private Future<Answer.Whole> ofOrganization(Exchange exchange) {
    return shown(directory.productsOf(access.account(exchange)).stream());
  }

  private Future<Answer.Whole> shown(Stream<Entry.Product> some) {
    var products = new JsonArray();
    some.map(json::of).forEach(products::add);
    return Future.succeededFuture(Answer.json(new JsonObject().put("products", products)));
  }

  private Future<Answer> get(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                Future.succeededFuture(
                    Answer.json(new JsonObject().put("product", json.of(product)))));
  }

  private Future<Answer> put(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              Fields wrapped = exchange.fields().object("product");
              Fields fields = wrapped.isEmpty() ? exchange.fields() : wrapped;
              try {
                return edit(exchange, product, fields);
              } catch (IllegalArgumentException e) {
                return refuse(String.valueOf(e.getMessage()));
              }
            });
  }

  private Future<Answer.Whole> edit(Exchange exchange, Entry.Product product, Fields fields) {
    var name = fields.has("name") ? name(fields) : null;
    var description = fields.has("description") ? description(fields) : null;
    var settings = fields.object("settings");
    var quarantine = settings.has("quarantine") ? quarantine(settings) : null;
    var others = others(settings);
    if (name == null && description == null && quarantine == null && others.isEmpty()) {
      throw new IllegalArgumentException(
          "Nothing to change: name, description or settings is needed");
    }
    return configuration
        .by(exchange)
        .write(
            new ProductsRequest.EditProduct(
                product.owner(),
                product.id(),
                name,
                description,
                quarantine,
                others.isEmpty() ? null : others.encode()),
            () -> saved(product.id()),
            ABSENT);
  }

  private static boolean quarantine(Fields settings) {
    return switch (settings.text("quarantine").orElse("")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("settings.quarantine must be true or false");
    };
  }

  /** What is kept as it is sent. */
  private static JsonObject others(Fields settings) {
    var others = new JsonObject();
    for (String name : ProductJson.OTHER_SETTINGS) {
      if (settings.has(name)) {
        if (!(settings.all().getValue(name) instanceof JsonObject object)) {
          throw new IllegalArgumentException("settings." + name + " must be an object");
        }
        others.put(name, object);
      }
    }
    if (settings.has(Entry.Product.EVENT_RETENTION)) {
      others.put(Entry.Product.EVENT_RETENTION, retention(settings));
    }
    if (others.encode().length() > MAX_SETTINGS) {
      throw new IllegalArgumentException(
          "settings are longer than " + MAX_SETTINGS + " characters");
    }
    return others;
  }

  /** What happens from now on is kept so many days; null: as long as the service says. */
  private static @Nullable Integer retention(Fields settings) {
    var value = settings.all().getValue(Entry.Product.EVENT_RETENTION);
    if (value == null || Entry.Product.EVENT_RETENTIONS.contains(value)) {
      return (Integer) value;
    }
    throw new IllegalArgumentException(
        "settings." + Entry.Product.EVENT_RETENTION + " must be null or one of 1, 7, 30, 90, 365");
  }

  /** As the directory has it by now. */
  private Answer.Whole saved(int product) {
    return directory
        .product(product)
        .map(json::of)
        .map(shown -> Answer.json(new JsonObject().put("ok", true).put("product", shown)))
        .orElseGet(Answer::ok);
  }

  private Future<Answer> delete(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                configuration
                    .by(exchange)
                    .write(new ProductsRequest.DeleteProduct(product.owner(), product.id()))
                    .compose(
                        reply ->
                            switch (reply) {
                              case ProductsReply.Deleted(var position) ->
                                  configuration.seen(position, () -> Answer.empty(204));
                              case ProductsReply.NotEmpty _ ->
                                  refuse("The product has devices: remove them first");
                              case AccountsReply.NotFound _ -> Future.succeededFuture(ABSENT);
                              case AccountsReply.DatabaseDown(int seconds) ->
                                  Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                            }));
  }

  private Future<Answer.Whole> create(Exchange exchange) {
    Fields wrapped = exchange.fields().object("product");
    Fields fields = wrapped.has("name") ? wrapped : exchange.fields();
    String name;
    String description;
    try {
      name = name(fields);
      description = description(fields);
    } catch (IllegalArgumentException e) {
      return refuse(String.valueOf(e.getMessage()));
    }
    long platform = fields.number("platform_id").orElse(0L);
    if (platform < 0 || platform > 65_535) {
      return refuse("platform_id must be from 0 to 65535");
    }
    var account = access.account(exchange);
    return configuration
        .by(exchange)
        .write(new ProductsRequest.CreateProduct(account, name, description, (int) platform))
        .compose(
            reply ->
                switch (reply) {
                  case ProductsReply.ProductCreated made ->
                      configuration.seen(made.position(), () -> saved(made.product()));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static String name(Fields fields) {
    String name = fields.text("name").map(String::strip).orElse("");
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException("name must have 1 to " + MAX_NAME_LENGTH + " characters");
    }
    return name;
  }

  private static String description(Fields fields) {
    String description = fields.text("description").orElse("");
    if (description.length() > MAX_DESCRIPTION_LENGTH) {
      throw new IllegalArgumentException(
          "description is longer than " + MAX_DESCRIPTION_LENGTH + " characters");
    }
    return description;
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }
}
