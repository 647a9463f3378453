package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.access.Named;
import io.starling.api.access.NotYours;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.AccountId;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

/**
 * Gives products to organizations, and back to people. Who may is the owner of the product, where
 * he may make products in the organization; and nobody gives one to another person, but takes it
 * himself.
 */
public final class MoveRoutes {
  private static final Answer.Whole MORE_THAN_YOURS =
      Errors.oauth(403, "unauthorized", "You may not make products there");

  private final Access access;
  private final Directory directory;
  private final ConfigurationClient configuration;
  private final ProductJson json;

  /** Routes that read here and write through the accounts service. */
  public MoveRoutes(Access access, Directory directory, ConfigurationClient configuration) {
    this.access = access;
    this.directory = directory;
    this.configuration = configuration;
    this.json = new ProductJson(directory);
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(
        HttpMethod.PUT, "/v1/products/:product/owner", Scope.PRODUCTS_REMOVE, this::move);
  }

  private Future<Answer> move(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product ->
                exchange.fields().has("organization")
                    ? target(exchange).then(to -> move(exchange, product, to))
                    : Future.succeededFuture(
                        Errors.badRequest(
                            "organization is needed: its id or slug, or null for yourself")));
  }

  private Named<AccountId> target(Exchange exchange) {
    var name = exchange.fields().text("organization");
    if (name.isEmpty()) {
      return access.mayOwn(exchange.principal(), Scope.PRODUCTS_CREATE)
          ? new Named.Yours<>(exchange.principal().account())
          : new Named.Absent<>(MORE_THAN_YOURS);
    }
    var organization = directory.organizations().find(name.get());
    var rights = organization.map(found -> access.rights(exchange.principal(), found));
    if (organization.isEmpty() || rights.isEmpty() || rights.get().isEmpty()) {
      return new Named.Absent<>(NotYours.organization());
    }
    return rights.get().contains(Scope.PRODUCTS_CREATE)
        ? new Named.Yours<>(organization.get().id())
        : new Named.Absent<>(MORE_THAN_YOURS);
  }

  private Future<Answer.Whole> move(Exchange exchange, Entry.Product product, AccountId to) {
    if (product.owner().equals(to)) {
      return Future.succeededFuture(shown(product));
    }
    return configuration
        .by(exchange)
        .write(
            new ProductsRequest.MoveProduct(product.owner(), product.id(), to),
            () -> shown(directory.product(product.id()).orElse(product)),
            Errors.error(404, "Product not found."));
  }

  private Answer.Whole shown(Entry.Product product) {
    return Answer.json(new JsonObject().put("ok", true).put("product", json.of(product)));
  }
}
