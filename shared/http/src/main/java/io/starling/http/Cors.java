package io.starling.http;

import io.starling.http.rate.RateLimits;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.Set;

/**
 * Lets pages of any origin ask. Safe because nothing here is done for a cookie's sake: who asks
 * must bring a token. Headers stand by name, for {@code *} does not cover Authorization. What is
 * itself a page, into which people type, is nothing for other pages to read. No answer is to be
 * taken for another kind of content than it says.
 */
final class Cors implements Handler<RoutingContext> {
  private static final String HEADERS =
      "Authorization, Content-Type, Accept, X-Particle-Tool, X-Particle-Project";
  private static final String EXPOSED = "Retry-After, " + String.join(", ", RateLimits.HEADERS);
  private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";

  private final Set<String> pages = new HashSet<>();

  /** There is a page. */
  void page(String path) {
    pages.add(path);
  }

  /** Also by other spellings of its path; a path that is wrong is none's. */
  private boolean isPage(RoutingContext context) {
    return !Endpoints.isBroken(context.request())
        && pages.contains(context.normalizedPath().replaceFirst("(.)/+$", "$1"));
  }

  @Override
  public void handle(RoutingContext context) {
    var response = context.response();
    response.putHeader("X-Content-Type-Options", "nosniff");
    if (isPage(context)) {
      context.next();
      return;
    }
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
