package io.starling.webhooks.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wanted of one value, which may be {@link EventData#MISSING}. */
sealed interface Test {
  boolean of(@Nullable Object value);

  /** It is this. */
  record Equal(@Nullable Object wanted) implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return !EventData.MISSING.equals(value) && Values.areEqual(value, wanted);
    }
  }

  /** It stands before or behind this. */
  record Ordered(Object limit, Order order) implements Test {
    enum Order {
      LESS,
      LESS_OR_EQUAL,
      GREATER,
      GREATER_OR_EQUAL
    }

    @Override
    public boolean of(@Nullable Object value) {
      var compared = Values.order(value, limit);
      if (compared.isEmpty()) {
        return false;
      }
      int sign = compared.getAsInt();
      return switch (order) {
        case LESS -> sign < 0;
        case LESS_OR_EQUAL -> sign <= 0;
        case GREATER -> sign > 0;
        case GREATER_OR_EQUAL -> sign >= 0;
      };
    }
  }

  /** It is one of these. */
  record OneOf(List<?> wanted) implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return !EventData.MISSING.equals(value)
          && wanted.stream().anyMatch(each -> Values.areEqual(value, each));
    }
  }

  /** It is there. */
  record Exists() implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return !EventData.MISSING.equals(value);
    }
  }

  /** It is a text that begins so. */
  record StartsWith(String start) implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return value instanceof String text && text.startsWith(start);
    }
  }

  /** It is a text that ends so. */
  record EndsWith(String end) implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return value instanceof String text && text.endsWith(end);
    }
  }

  /** It is a text with this in it, or a list with this as a member. */
  record Contains(@Nullable Object part) implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return switch (value) {
        case String text -> part instanceof String wanted && text.contains(wanted);
        case List<?> list -> list.stream().anyMatch(each -> Values.areEqual(each, part));
        case null, default -> false;
      };
    }
  }

  /** It is not so. */
  record Not(Test test) implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return !test.of(value);
    }
  }

  /** All of these. */
  record Every(List<Test> tests) implements Test {
    @Override
    public boolean of(@Nullable Object value) {
      return tests.stream().allMatch(test -> test.of(value));
    }
  }
}
