package io.starling.api.products;

import io.starling.api.access.Access;
import io.starling.api.region.ConfigurationClient;
import io.starling.contract.ProductsRequest;
import io.starling.contract.Scope;
import io.starling.contract.TopicPermission;
import io.starling.directory.Entry;
import io.starling.directory.PermissionRules;
import io.starling.http.Answer;
import io.starling.http.Endpoints;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What the devices of a product may publish and subscribe to. */
public final class PermissionRoutes {
  private static final String PATH = "/v1/products/:product/permissions";

  private final Access access;
  private final ConfigurationClient configuration;

  /** Routes that read here and write through the accounts service. */
  public PermissionRoutes(Access access, ConfigurationClient configuration) {
    this.access = access;
    this.configuration = configuration;
  }

  /** Adds them. */
  public void addTo(Endpoints endpoints) {
    endpoints.guarded(HttpMethod.GET, PATH, Scope.PERMISSIONS_GET, this::get);
    endpoints.guarded(HttpMethod.PUT, PATH, Scope.PERMISSIONS_UPDATE, this::put);
  }

  private Future<Answer> get(Exchange exchange) {
    return access
        .product(exchange)
        .then(product -> Future.succeededFuture(told(product.permissions().permissions())));
  }

  private Future<Answer> put(Exchange exchange) {
    return access
        .product(exchange)
        .then(
            product -> {
              List<TopicPermission> permissions;
              try {
                permissions = PermissionJson.read(exchange.fields().all());
              } catch (IllegalArgumentException e) {
                return Future.succeededFuture(Errors.badRequest(String.valueOf(e.getMessage())));
              }
              return set(exchange, product, permissions);
            });
  }

  private Future<Answer.Whole> set(
      Exchange exchange, Entry.Product product, List<TopicPermission> permissions) {
    return configuration
        .by(exchange)
        .write(
            new ProductsRequest.SetPermissions(product.owner(), product.id(), permissions),
            () -> told(permissions),
            Errors.error(404, "Product not found."));
  }

  private static Answer.Whole told(List<TopicPermission> permissions) {
    return Answer.json(
        new JsonObject().put("ok", true).put("permissions", PermissionRules.encode(permissions)));
  }
}
