package io.starling.http;

import io.starling.contract.Scope;
import java.util.Optional;

/** What a token reaches; asked before each route that needs one. */
@FunctionalInterface
public interface Reach {
  /** Nothing at all. */
  Reach NONE = (exchange, scope, pattern) -> Optional.of(outside());

  /**
   * Says what to answer instead of the route; empty if it may be asked.
   *
   * @param exchange with the principal
   * @param scope what the route needs
   * @param pattern the route's
   */
  Optional<Answer.Whole> refusal(Exchange exchange, Scope scope, String pattern);

  /** The route is not for such tokens. */
  static Answer.Whole outside() {
    return Errors.oauth(403, "unauthorized", "This client is not allowed to call this endpoint");
  }
}
