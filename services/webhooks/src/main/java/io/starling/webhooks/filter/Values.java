package io.starling.webhooks.filter;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** JSON values as maps, lists, texts, numbers and truths, and how they compare. */
final class Values {
  /** So much of a value is told. */
  private static final int MOST_TOLD = 80;

  private Values() {}

  static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case JsonObject object -> object.getMap();
      case JsonArray array -> array.getList();
      case null, default -> value;
    };
  }

  /** Numbers are equal by their value, all else by what it is. */
  static boolean areEqual(@Nullable Object one, @Nullable Object other) {
    Object a = plain(one);
    Object b = plain(other);
    if (a instanceof Number x && b instanceof Number y) {
      return compare(x, y) == 0;
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(
                  entry ->
                      y.containsKey(entry.getKey())
                          && areEqual(entry.getValue(), y.get(entry.getKey())));
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!areEqual(x.get(i), y.get(i))) {
          return false;
        }
      }
      return true;
    }
    return a == null ? b == null : a.equals(b);
  }

  /** Empty for what has no order: other than two numbers or two texts. */
  static OptionalInt order(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Number x && other instanceof Number y) {
      return OptionalInt.of(compare(x, y));
    }
    return one instanceof String x && other instanceof String y
        ? OptionalInt.of(x.compareTo(y))
        : OptionalInt.empty();
  }

  private static int compare(Number one, Number other) {
    if (isWhole(one) && isWhole(other)) {
      return Long.compare(one.longValue(), other.longValue());
    }
    if (one instanceof BigInteger x && other instanceof BigInteger y) {
      return x.compareTo(y);
    }
    return Double.compare(one.doubleValue() + 0.0, other.doubleValue() + 0.0);
  }

  private static boolean isWhole(Number number) {
    return number instanceof Integer || number instanceof Long;
  }

  static boolean isLongerThan(Object value, int chars) {
    return Json.encode(value).length() > chars;
  }

  /** A value as it is told: as JSON, not more than a line of it. */
  static String told(@Nullable Object value) {
    String text = value == null ? "null" : Json.encode(value);
    return text.length() <= MOST_TOLD ? text : text.substring(0, MOST_TOLD) + "…";
  }
}
