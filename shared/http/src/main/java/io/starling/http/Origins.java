package io.starling.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** Where a request of a browser came from, as browsers tell it and no page can. */
final class Origins {
  private Origins() {}

  /**
   * Whether it came from a page of this server, or from no page: by {@code Sec-Fetch-Site} where
   * the browser says so, else by {@code Origin}; what is no browser says neither.
   */
  static boolean isOwn(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return switch (site.strip().toLowerCase(Locale.ROOT)) {
        case "same-origin", "none" -> true;
        default -> false;
      };
    }
    String origin = request.getHeader("Origin");
    var authority = request.authority();
    return origin == null
        || (authority != null
            && origin
                .strip()
                .replaceFirst("(?i)^https?://", "")
                .equalsIgnoreCase(authority.toString()));
  }
}
