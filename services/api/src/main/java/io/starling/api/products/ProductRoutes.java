package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
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

/** Listing, looking at, making and changing products. */
public final class ProductRoutes {
  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_DESCRIPTION_LENGTH = 1_024;

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;

  /** Routes that read here and write through the accounts service. */
  public ProductRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, "/v1/products", this::list);
    endpoints.guarded(HttpMethod.GET, "/v1/user/products", this::list);
    endpoints.guarded(HttpMethod.POST, "/v1/user/products", this::create);
    endpoints.guarded(HttpMethod.GET, "/v1/products/:product", this::get);
    endpoints.guarded(HttpMethod.PUT, "/v1/products/:product", this::put);
  }

  private Future<Answer.Whole> list(Exchange exchange) {
    var products = new JsonArray();
    directory.productsOf(exchange.principal().account()).stream()
        .map(ProductRoutes::json)
        .forEach(products::add);
    return Future.succeededFuture(Answer.json(new JsonObject().put("products", products)));
  }

  private Future<Answer> get(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                Future.succeededFuture(
                    Answer.json(new JsonObject().put("product", json(product)))));
  }

  /** Of a product only {@code settings.quarantine} can be changed. */
  private Future<Answer> put(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              Fields wrapped = exchange.fields().object("product");
              Fields fields = wrapped.has("settings") ? wrapped : exchange.fields();
              return switch (fields.object("settings").text("quarantine").orElse("")) {
                case "true" -> quarantine(product, true);
                case "false" -> quarantine(product, false);
                default -> refuse("settings.quarantine must be true or false");
              };
            });
  }

  private Future<Answer.Whole> quarantine(Entry.Product product, boolean on) {
    return configuration.write(
        new ProductsRequest.SetQuarantine(product.owner(), product.id(), on),
        () -> Answer.json(new JsonObject().put("ok", true).put("product", json(product, on))),
        Errors.error(404, "Product not found."));
  }

  private Future<Answer.Whole> create(Exchange exchange) {
    Fields wrapped = exchange.fields().object("product");
    Fields fields = wrapped.has("name") ? wrapped : exchange.fields();
    String name = fields.text("name").map(String::strip).orElse("");
    String description = fields.text("description").orElse("");
    long platform = fields.number("platform_id").orElse(0L);
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      return refuse("name must have 1 to " + MAX_NAME_LENGTH + " characters");
    }
    if (description.length() > MAX_DESCRIPTION_LENGTH) {
      return refuse("description is longer than " + MAX_DESCRIPTION_LENGTH + " characters");
    }
    if (platform < 0 || platform > 65_535) {
      return refuse("platform_id must be from 0 to 65535");
    }
    var account = exchange.principal().account();
    return configuration
        .write(new ProductsRequest.CreateProduct(account, name, description, (int) platform))
        .compose(
            reply ->
                switch (reply) {
                  case ProductsReply.ProductCreated made ->
                      configuration.seen(
                          made.position(),
                          () -> created(made, account, name, description, (int) platform));
                  case AccountsReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(ConfigurationClient.unavailable(seconds));
                });
  }

  private static Future<Answer.Whole> refuse(String why) {
    return Future.succeededFuture(Errors.badRequest(why));
  }

  private static Answer.Whole created(
      ProductsReply.ProductCreated made,
      AccountId account,
      String name,
      String description,
      int platform) {
    return Answer.json(
        new JsonObject()
            .put("ok", true)
            .put(
                "product",
                json(made.product(), made.slug(), name, description, platform, account, false)));
  }

  private static JsonObject json(Entry.Product product) {
    return json(product, product.quarantine());
  }

  private static JsonObject json(Entry.Product product, boolean quarantine) {
    return json(
        product.id(),
        product.slug(),
        product.name(),
        product.description(),
        product.platform(),
        product.owner(),
        quarantine);
  }

  private static JsonObject json(
      int id,
      String slug,
      String name,
      String description,
      int platform,
      AccountId owner,
      boolean quarantine) {
    return new JsonObject()
        .put("id", id)
        .put("platform_id", platform)
        .put("name", name)
        .put("slug", slug)
        .put("description", description)
        .put("user", owner.toString())
        .put(
            "settings",
            new JsonObject()
                .put("location", new JsonObject())
                .put("known_application", new JsonObject())
                .put("quarantine", quarantine))
        .put("groups", new JsonArray())
        .put("subscription_id", null)
        .put("mb_limit", null)
        .put("device_protection", null);
  }
}
