package io.starling.api.access;

import io.starling.directory.Directory;
import io.starling.http.Answer;
import io.starling.http.Errors;
import io.starling.http.Exchange;
import io.starling.http.Reach;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;

/**
 * What the token of a product's OAuth client reaches: that product's devices, events and
 * integrations, and itself. Everything else is refused, routes to come too, and another product is
 * answered as one that is absent. Not among it: who may do what (clients, settings, authorities),
 * and taking devices of the owner into the product.
 */
public final class ProductReach implements Reach {
  private static final String PRODUCT = "/v1/products/:product";
  private static final String OWN_TOKEN = "/v1/access_tokens/current";
  private static final String DEVICES = PRODUCT + "/devices";
  private static final List<String> BELOW =
      List.of(DEVICES, PRODUCT + "/events", PRODUCT + "/integrations", PRODUCT + "/webhooks");

  private final Directory directory;

  /** Over this directory. */
  public ProductReach(Directory directory) {
    this.directory = directory;
  }

  @Override
  public Optional<Answer.Whole> refusal(Exchange exchange, HttpMethod method, String pattern) {
    if (pattern.equals(OWN_TOKEN)) {
      return Optional.empty();
    }
    if (!isAllowed(method, pattern)) {
      return Optional.of(Reach.outside());
    }
    return directory
            .product(exchange.path("product"))
            .filter(product -> product.id() == exchange.principal().product())
            .isPresent()
        ? Optional.empty()
        : Optional.of(Errors.error(404, "Product not found."));
  }

  private static boolean isAllowed(HttpMethod method, String pattern) {
    if (pattern.equals(PRODUCT)) {
      return method.equals(HttpMethod.GET);
    }
    if (pattern.equals(DEVICES) && !method.equals(HttpMethod.GET)) {
      return false;
    }
    return BELOW.stream()
        .anyMatch(start -> pattern.equals(start) || pattern.startsWith(start + "/"));
  }
}
