package io.starling.http;

import io.vertx.core.Future;

/**
 * A route: reads, makes one call, answers. A failed future means that machinery broke: it is logged
 * once and answered with 503 or 500.
 */
@FunctionalInterface
public interface Endpoint {
  /** Answers. */
  Future<? extends Answer> answer(Exchange exchange);
}
