package io.starling.http;

import io.starling.http.rate.RateLimits;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * Lets pages of any origin ask. Safe because nothing here is done for a cookie's sake: who asks
 * must bring a token. Headers stand by name, for {@code *} does not cover Authorization.
 */
final class Cors implements Handler<RoutingContext> {
  private static final String HEADERS =
      "Authorization, Content-Type, Accept, X-Particle-Tool, X-Particle-Project";
  private static final String EXPOSED = "Retry-After, " + String.join(", ", RateLimits.HEADERS);
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

  @Override
  public void handle(RoutingContext context) {
    var response = context.response();
    response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    if (!HttpMethod.OPTIONS.equals(context.request().method())) {
      context.next();
      return;
    }
    response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, "86400");
    var _ = response.setStatusCode(204).end();
  }
}
