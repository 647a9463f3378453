package io.starling.api.access;

import io.starling.contract.Scope;
import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Reach;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the token of a product's OAuth client reaches: that product's devices, events and
 * integrations, and itself. Everything else is refused, routes to come too, and another product is
 * answered as one that is absent. Not among it: who may do what (clients, settings, authorities),
 * and taking devices of the owner into the product.
 */
public final class ProductReach implements Reach {
  private static final String PRODUCT = "/v1/products/:product";
  private static final Set<Scope> CLIENT =
      EnumSet.of(
          Scope.PRODUCTS_GET,
          Scope.DEVICES_LIST,
          Scope.DEVICES_GET,
          Scope.DEVICES_PING,
          Scope.DEVICES_UPDATE,
          Scope.DEVICES_REMOVE,
          Scope.DEVICES_FUNCTION_CALL,
          Scope.DEVICES_VARIABLE_GET,
          Scope.EVENTS_GET,
          Scope.EVENTS_SEND,
          Scope.INTEGRATIONS_LIST,
          Scope.INTEGRATIONS_GET,
          Scope.INTEGRATIONS_CREATE,
          Scope.INTEGRATIONS_UPDATE,
          Scope.INTEGRATIONS_REMOVE);

  private final Directory directory;

  /** Over this directory. */
  public ProductReach(Directory directory) {
    this.directory = directory;
  }

  @Override
  public Optional<Answer.Whole> refusal(Exchange exchange, Scope scope, String pattern) {
    if (exchange.principal().product() == 0 || scope == Scope.TOKEN) {
      return Optional.empty();
    }
    if (!pattern.startsWith(PRODUCT) || !CLIENT.contains(scope)) {
      return Optional.of(Reach.outside());
    }
    return directory
            .product(exchange.path("product"))
            .filter(product -> product.id() == exchange.principal().product())
            .isPresent()
        ? Optional.empty()
        : Optional.of(Errors.error(404, "Product not found."));
  }
}
