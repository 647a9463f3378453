package io.starling.api.ledgers;

import io.starling.http.Exchange;
import io.starling.http.Fields;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The version that an instance must have to be written: as {@code If-Match} (RFC 9110, section
 * 13.1.1), or as a field.
 */
final class Conditions {
  private static final Pattern TAG = Pattern.compile("\"?([0-9]{1,18})\"?");

  /** What no instance has. */
  private static final long NONE = -1;

  private Conditions() {}

  /** The version; empty if any will do. */
  static Optional<Long> version(Exchange exchange, Fields instance) {
    if (!isHeader(exchange)) {
      return instance.number("version");
    }
    var tag = TAG.matcher(exchange.request().getHeader(HttpHeaders.IF_MATCH).strip());
    return Optional.of(tag.matches() ? Long.parseLong(tag.group(1)) : NONE);
  }

  /** Tells whether the header says so. */
  static boolean isHeader(Exchange exchange) {
    String header = exchange.request().getHeader(HttpHeaders.IF_MATCH);
    return header != null && !header.strip().equals("*");
  }
}
