package io.starling.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The shape of JSON that was seen, as {@code Shape} writes it: the line to add. */
final class Seen {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z";

  private Seen() {}

  static Object shape(@Nullable Object json) {
    return switch (json) {
      case null -> "null";
      case String text -> text.matches(TIME) ? "time" : "string";
      case Boolean _ -> "boolean";
      case Integer _, Long _ -> "integer";
      case Number _ -> "number";
      case JsonArray array ->
          new JsonArray().add(array.stream().map(Seen::shape).reduce(Seen::joined).orElse("any"));
      case JsonObject object -> {
        var shape = new JsonObject();
        object.fieldNames().forEach(name -> shape.put(name, shape(object.getValue(name))));
        yield shape;
      }
      default -> "any";
    };
  }

  private static Object joined(Object one, Object other) {
    if (one instanceof JsonObject a && other instanceof JsonObject b) {
      var all = new JsonObject();
      Stream.concat(a.fieldNames().stream(), b.fieldNames().stream())
          .map(name -> name.replace("?", ""))
          .distinct()
          .forEach(name -> join(all, name, field(a, name), field(b, name)));
      return all;
    }
    if (one instanceof String a && other instanceof String b) {
      return Stream.of(a, b)
          .flatMap(words -> Arrays.stream(words.split("\\|", -1)))
          .distinct()
          .collect(Collectors.joining("|"));
    }
    return one instanceof JsonArray ? one : "any";
  }

  private static @Nullable Object field(JsonObject shape, String name) {
    Object always = shape.getValue(name);
    return always == null ? shape.getValue(name + "?") : always;
  }

  private static void join(JsonObject all, String name, @Nullable Object a, @Nullable Object b) {
    if (a != null && b != null) {
      all.put(name, joined(a, b));
    } else {
      all.put(name + "?", a == null ? b : a);
    }
  }
}
