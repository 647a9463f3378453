package io.starling.api.ledgers;

import io.starling.http.Exchange;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Which part of a list is wanted.
 *
 * @param number from 1
 */
record Page(int number, int size) {
  private static final int DEFAULT_SIZE = 25;
  private static final int MAX_SIZE = 100;

  /** Reads {@code page} and {@code per_page}; empty if they are none. */
  static Optional<Page> of(Exchange exchange) {
    String number = exchange.query("page").orElse("1");
    String size = exchange.query("per_page").orElse(Integer.toString(DEFAULT_SIZE));
    if (!number.matches("[1-9][0-9]{0,5}") || !size.matches("[1-9][0-9]{0,2}")) {
      return Optional.empty();
    }
    return Optional.of(
        new Page(Integer.parseInt(number), Math.min(Integer.parseInt(size), MAX_SIZE)));
  }

  int offset() {
    return (number - 1) * size;
  }

  /** Of everything, what stands on it. */
  <T> List<T> of(List<T> all) {
    int from = Math.min(offset(), all.size());
    return all.subList(from, Math.min(from + size, all.size()));
  }

  /** What is said of it beside the list. */
  JsonObject meta(long total) {
    return new JsonObject()
        .put("page", number)
        .put("per_page", size)
        .put("total_pages", (total + size - 1) / size)
        .put("total", total);
  }
}
