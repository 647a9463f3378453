package io.starling.webhooks.filter;

import io.starling.webhooks.filter.Test.Ordered.Order;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles one filter, within its bounds. */
final class FilterReader {
  private static final int MOST_DEEP = 8;
  private static final int MOST_CONDITIONS = 100;
  private static final int MOST_LISTED = 100;
  private static final int MOST_STEPS = 16;
  private static final int MOST_CHARS = 1024;

  private int conditions;
  private boolean looksAtWhole;

  boolean looksAtWhole() {
    return looksAtWhole;
  }

  Condition read(JsonObject source) {
    return all(source.getMap(), List.of(), 1);
  }

  /** The members of an object, all of which have to hold, below a path. */
  private Condition all(Map<?, ?> members, List<String> below, int depth) {
    if (members.isEmpty()) {
      throw wrong("an object without conditions");
    }
    if (depth > MOST_DEEP) {
      throw wrong("deeper than " + MOST_DEEP + " levels");
    }
    var parts = new ArrayList<Condition>();
    members.forEach(
        (key, wanted) ->
            parts.add(member(String.valueOf(key), Values.plain(wanted), below, depth)));
    return parts.size() == 1 ? parts.getFirst() : new Condition.All(List.copyOf(parts));
  }

  private Condition member(String key, @Nullable Object wanted, List<String> below, int depth) {
    return switch (key) {
      case "$and" -> new Condition.All(each(key, wanted, below, depth));
      case "$or" -> new Condition.Any(each(key, wanted, below, depth));
      case "$not" ->
          new Condition.Not(all(object(key, wanted), below, depth + 1), Values.told(wanted));
      case "$data" -> {
        looksAtWhole = true;
        yield field(List.of(), wanted, depth);
      }
      default -> field(path(key, below), wanted, depth);
    };
  }

  private List<Condition> each(String key, @Nullable Object wanted, List<String> below, int depth) {
    var parts = new ArrayList<Condition>();
    for (Object part : list(key, wanted)) {
      parts.add(all(object(key, Values.plain(part)), below, depth + 1));
    }
    return List.copyOf(parts);
  }

  private Condition field(List<String> path, @Nullable Object wanted, int depth) {
    if (wanted instanceof Map<?, ?> map
        && !map.isEmpty()
        && !path.isEmpty()
        && map.keySet().stream().noneMatch(key -> isOperator(String.valueOf(key)))) {
      return all(map, path, depth + 1);
    }
    return new Condition.Field(path, test(wanted, depth), Values.told(wanted));
  }

  private Test test(@Nullable Object wanted, int depth) {
    if (++conditions > MOST_CONDITIONS) {
      throw wrong("more than " + MOST_CONDITIONS + " conditions");
    }
    if (depth > MOST_DEEP) {
      throw wrong("deeper than " + MOST_DEEP + " levels");
    }
    if (wanted instanceof List<?>) {
      throw wrong("a list: say $in for any of it, or $eq for all of it");
    }
    if (!(wanted instanceof Map<?, ?> operators)) {
      return new Test.Equal(value(wanted));
    }
    var tests = new ArrayList<Test>();
    operators.forEach(
        (key, operand) ->
            tests.add(operator(String.valueOf(key), Values.plain(operand), depth + 1)));
    if (tests.isEmpty()) {
      throw wrong("an object without conditions");
    }
    return tests.size() == 1 ? tests.getFirst() : new Test.Every(List.copyOf(tests));
  }

  private Test operator(String name, @Nullable Object operand, int depth) {
    return switch (name) {
      case "$eq" -> new Test.Equal(value(operand));
      case "$ne" -> new Test.Not(new Test.Equal(value(operand)));
      case "$gt" -> new Test.Ordered(limit(name, operand), Order.GREATER);
      case "$gte" -> new Test.Ordered(limit(name, operand), Order.GREATER_OR_EQUAL);
      case "$lt" -> new Test.Ordered(limit(name, operand), Order.LESS);
      case "$lte" -> new Test.Ordered(limit(name, operand), Order.LESS_OR_EQUAL);
      case "$in" -> new Test.OneOf(values(name, operand));
      case "$nin" -> new Test.Not(new Test.OneOf(values(name, operand)));
      case "$exists" -> exists(operand);
      case "$startsWith" -> new Test.StartsWith(text(name, operand));
      case "$endsWith" -> new Test.EndsWith(text(name, operand));
      case "$contains" -> new Test.Contains(value(operand));
      case "$not" -> new Test.Not(test(operand, depth));
      default ->
          throw wrong(
              isOperator(name)
                  ? "the unknown operator " + name
                  : "operators and names in one object: " + name);
    };
  }

  private static boolean isOperator(String name) {
    return name.startsWith("$");
  }

  private static Test exists(@Nullable Object operand) {
    if (!(operand instanceof Boolean wanted)) {
      throw wrong("$exists with something else than true or false");
    }
    return wanted ? new Test.Exists() : new Test.Not(new Test.Exists());
  }

  private static Object limit(String name, @Nullable Object operand) {
    if (operand instanceof Number || operand instanceof String) {
      return operand;
    }
    throw wrong(name + " with something else than a number or a text");
  }

  private static String text(String name, @Nullable Object operand) {
    if (operand instanceof String text && text.length() <= MOST_CHARS) {
      return text;
    }
    throw wrong(name + " with something else than a text of at most " + MOST_CHARS + " characters");
  }

  private static @Nullable Object value(@Nullable Object operand) {
    if (operand != null && Values.isLongerThan(operand, MOST_CHARS)) {
      throw wrong("a value of more than " + MOST_CHARS + " characters");
    }
    return operand;
  }

  private static List<?> values(String name, @Nullable Object operand) {
    var values = new ArrayList<@Nullable Object>();
    list(name, operand).forEach(each -> values.add(value(each)));
    return Collections.unmodifiableList(values);
  }

  private static List<?> list(String name, @Nullable Object operand) {
    if (operand instanceof List<?> list && !list.isEmpty() && list.size() <= MOST_LISTED) {
      return list;
    }
    throw wrong(name + " with something else than a list of 1 to " + MOST_LISTED);
  }

  private static Map<?, ?> object(String name, @Nullable Object operand) {
    if (operand instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong(name + " with something else than conditions");
  }

  private static List<String> path(String name, List<String> below) {
    var path = new ArrayList<>(below);
    for (String step : name.split("\\.", -1)) {
      if (step.isEmpty() || isOperator(step)) {
        throw wrong("a path that is none: " + Values.told(name));
      }
      path.add(step);
    }
    if (path.size() > MOST_STEPS || name.length() > MOST_CHARS) {
      throw wrong("a path of more than " + MOST_STEPS + " steps");
    }
    return List.copyOf(path);
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("filter has " + what);
  }
}
