package io.starling.api.integrations;

import static io.starling.api.integrations.IntegrationJson.PRODUCT_FILTER;

import io.starling.api.access.Access;
import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.directory.Directory;
import io.starling.directory.Entry;
import io.starling.http.Answer;
import io.starling.http.Endpoint;
import io.starling.http.Exchange;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Where integrations stand: below an account, an organization or a product. */
final class Places {
  private static final String WEBHOOK = "Webhook not found";
  private static final String INTEGRATION = "Integration not found";
  private static final int DEFAULT_PER_PAGE = 25;

  /** All families of paths. */
  static final List<Family> FAMILIES =
      List.of(
          new Family("/v1/webhooks", "webhook", WEBHOOK),
          new Family("/v1/integrations", "integration", INTEGRATION),
          new Family("/v1/products/:product/webhooks", "webhook", WEBHOOK),
          new Family("/v1/products/:product/integrations", "integration", INTEGRATION),
          new Family("/v1/orgs/:org/integrations", "integration", INTEGRATION));

  private final Access access;
  private final Directory directory;

  Places(Access access, Directory directory) {
    this.access = access;
    this.directory = directory;
  }

  /** A family of paths, and how it calls these things. */
  record Family(String path, String word, String notFound) {
    String one() {
      return path + "/:integration";
    }
  }

  /**
   * A request, and where it stands.
   *
   * @param account whose integrations it is about
   * @param product the one below which it stands, 0 for none
   */
  record Place(Exchange exchange, AccountId account, int product) {
    boolean shows(Entry.Integration integration) {
      return product == 0
          || Integer.toString(product)
              .equals(String.valueOf(IntegrationJson.of(integration).getValue(PRODUCT_FILTER)));
    }
  }

  /** A route, told where the request stands. */
  Endpoint of(Function<Place, Future<Answer.Whole>> route) {
    return exchange -> {
      if (exchange.hasPath("org")) {
        return access
            .organization(exchange)
            .then(organization -> route.apply(new Place(exchange, organization.id(), 0)));
      }
      return exchange.hasPath("product")
          ? access
              .product(exchange)
              .then(product -> route.apply(new Place(exchange, product.owner(), product.id())))
          : route.apply(new Place(exchange, exchange.principal().account(), 0));
    };
  }

  /** The integration that the path names. */
  Optional<Entry.Integration> find(Place place) {
    String id = place.exchange().path("integration");
    return IntegrationId.isValid(id)
        ? directory.integration(place.account(), IntegrationId.of(id)).filter(place::shows)
        : Optional.empty();
  }

  /**
   * How many rows of a list are wanted, 25 where nobody says.
   *
   * @throws IllegalArgumentException if it is not 1 to the most, for the caller
   */
  static int perPage(Exchange exchange, int most) {
    String text = exchange.query("per_page").orElse(Integer.toString(DEFAULT_PER_PAGE));
    if (!text.matches("[1-9][0-9]{0,2}") || Integer.parseInt(text) > most) {
      throw new IllegalArgumentException("per_page must be 1 to " + most);
    }
    return Integer.parseInt(text);
  }
}
