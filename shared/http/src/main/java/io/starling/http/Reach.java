package io.starling.http;

import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/**
 * What a token that is for one product only may ask; asked before each route that needs a token.
 */
@FunctionalInterface
public interface Reach {
  /** Nothing at all. */
  Reach NONE = (exchange, method, pattern) -> Optional.of(outside());

  /**
   * Says what to answer instead of the route; empty if it may be asked.
   *
   * @param exchange with the principal, whose token is for one product
   */
  Optional<Answer.Whole> refusal(Exchange exchange, HttpMethod method, String pattern);

  /** The route is not for such tokens. */
  static Answer.Whole outside() {
    return Errors.oauth(403, "unauthorized", "This client is not allowed to call this endpoint");
  }
}
