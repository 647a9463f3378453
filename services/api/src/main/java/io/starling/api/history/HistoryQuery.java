package io.starling.api.history;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.EventClass;
import io.starling.contract.HistoryRequest.Events;
import io.starling.contract.Origin;
import io.starling.http.Exchange;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what is asked of the history out of the query. */
final class HistoryQuery {
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_TEXT = 4_096;
  private static final Map<String, Origin> ORIGINS =
      Map.of("device", Origin.DEVICE, "api", Origin.API, "cloud", Origin.CLOUD);
  private static final Map<String, EventClass> CLASSES =
      Arrays.stream(EventClass.values())
          .collect(Collectors.toMap(it -> it.name().toLowerCase(Locale.ROOT), it -> it));
  private static final Map<String, Boolean> ORDERS = Map.of("desc", true, "asc", false);

  private HistoryQuery() {}

  /**
   * What is asked for.
   *
   * @param product 0 for all of the account
   * @param since nothing before this time
   * @throws IllegalArgumentException with what is wrong, for the caller
   */
  static Events read(
      Exchange exchange, AccountId account, int product, @Nullable DeviceId device, long since) {
    var name = exchange.query("name");
    var prefix = exchange.query("prefix");
    if (name.isPresent() && prefix.isPresent()) {
      throw new IllegalArgumentException("either name or prefix, not both");
    }
    var cursor = exchange.query("cursor");
    if (cursor.or(() -> name).or(() -> prefix).orElse("").length() > MAX_TEXT) {
      throw new IllegalArgumentException("a parameter is too long");
    }
    long start = Math.max(since, TimeText.query(exchange, "start").orElse(0L));
    long end = TimeText.query(exchange, "end").orElse(Long.MAX_VALUE);
    if (start >= end) {
      throw new IllegalArgumentException("start must be before end");
    }
    return new Events(
        account,
        product,
        device,
        name.or(() -> prefix.filter(text -> !text.isEmpty())).orElse(null),
        name.isPresent(),
        one(exchange, "class", CLASSES).orElse(null),
        one(exchange, "origin", ORIGINS).orElse(null),
        start,
        end,
        one(exchange, "order", ORDERS).orElse(true),
        cursor.orElse(null),
        limit(exchange.query("limit")));
  }

  private static int limit(Optional<String> text) {
    if (text.isEmpty()) {
      return DEFAULT_LIMIT;
    }
    if (!text.get().matches("[1-9][0-9]{0,3}") || Integer.parseInt(text.get()) > Events.MAX_LIMIT) {
      throw new IllegalArgumentException("limit must be 1 to " + Events.MAX_LIMIT);
    }
    return Integer.parseInt(text.get());
  }

  private static <T> Optional<T> one(Exchange exchange, String parameter, Map<String, T> words) {
    return exchange
        .query(parameter)
        .map(
            word -> {
              var found = words.get(word);
              if (found == null) {
                var known = words.keySet().stream().sorted().collect(Collectors.joining(", "));
                throw new IllegalArgumentException(parameter + " must be one of " + known);
              }
              return found;
            });
  }
}
