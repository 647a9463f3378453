package io.starling.webhooks.request;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an integration's properties as Particle's clients spell them: flags also as texts, objects
 * also as JSON texts. What does not fit is an {@link IllegalArgumentException} that says what to
 * change.
 */
public final class Properties {
  private static final Pattern WHOLE = Pattern.compile("\\d{1,9}(\\.0+)?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  private final JsonObject json;
  private final String prefix;

  /** The properties of one configuration. */
  public Properties(JsonObject json) {
    this(json, "");
  }

  /** The properties of an object within it; what is wrong is told with the prefix in front. */
  public Properties(JsonObject json, String prefix) {
    this.json = json;
    this.prefix = prefix;
  }

  /** A text; empty if it is missing or blank. Numbers count as text. */
  public Optional<String> text(String... spellings) {
    for (String name : spellings) {
      Object value = json.getValue(name);
      if (value instanceof JsonObject || value instanceof JsonArray) {
        throw new IllegalArgumentException(name + " must be a text");
      }
      if (value != null && !value.toString().isBlank()) {
        return Optional.of(value.toString().strip());
      }
    }
    return Optional.empty();
  }

  /** A flag. */
  public boolean flag(String name, boolean fallback) {
    return switch (json.getValue(name)) {
      case null -> fallback;
      case Boolean value -> value;
      case Object value ->
          switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            case "" -> fallback;
            default -> throw new IllegalArgumentException(name + " must be true or false");
          };
    };
  }

  /** A number within bounds; empty if it is missing or blank. */
  public OptionalDouble number(String name, double least, double most) {
    return number(name, "a number", NUMBER, least, most);
  }

  /** A whole number within bounds; empty if it is missing or blank. */
  public OptionalInt integer(String name, int least, int most) {
    var value = number(name, "a whole number", WHOLE, least, most);
    return value.isPresent() ? OptionalInt.of((int) value.getAsDouble()) : OptionalInt.empty();
  }

  private OptionalDouble number(String name, String what, Pattern form, double least, double most) {
    var text = text(name);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    double value = form.matcher(text.get()).matches() ? Double.parseDouble(text.get()) : -1;
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          prefix + name + " must be " + what + " from " + plain(least) + " to " + plain(most));
    }
    return OptionalDouble.of(value);
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /** Tells whether a property is given. */
  public boolean has(String name) {
    return switch (json.getValue(name)) {
      case null -> false;
      case String text -> !text.isBlank();
      case JsonObject object -> !object.isEmpty();
      default -> true;
    };
  }

  /** Templated names and values; none if it is missing. */
  List<Payload.Pair> pairs(String name) {
    var pairs = new ArrayList<Payload.Pair>();
    var object = object(name);
    if (object != null) {
      for (var entry : object) {
        Object value = entry.getValue();
        String text = value == null ? "" : EventVariables.write(value);
        pairs.add(new Payload.Pair(template(name, entry.getKey()), template(name, text)));
      }
    }
    return List.copyOf(pairs);
  }

  /** An object, also when it is written as a text; null if it is missing. */
  public @Nullable JsonObject object(String name) {
    return switch (json.getValue(name)) {
      case null -> null;
      case JsonObject object -> object;
      case String text when text.isBlank() -> null;
      case String text -> parse(name, text);
      default -> throw new IllegalArgumentException(name + " must be a JSON object");
    };
  }

  /** Texts: a list of them, also when it is written as a text, or one; none if it is missing. */
  public List<String> texts(String name) {
    return switch (json.getValue(name)) {
      case null -> List.of();
      case String text when text.isBlank() -> List.of();
      case String text when text.stripLeading().startsWith("[") -> texts(name, list(name, text));
      case String text -> List.of(text.strip());
      case JsonArray array -> texts(name, array);
      default -> throw notTexts(name);
    };
  }

  private static List<String> texts(String name, JsonArray array) {
    var texts = new ArrayList<String>();
    for (Object value : array) {
      if (!(value instanceof String text) || text.isBlank()) {
        throw notTexts(name);
      }
      texts.add(text.strip());
    }
    return List.copyOf(texts);
  }

  private static JsonArray list(String name, String text) {
    try {
      return new JsonArray(text);
    } catch (DecodeException _) {
      throw notTexts(name);
    }
  }

  private static IllegalArgumentException notTexts(String name) {
    return new IllegalArgumentException(name + " must be a list of texts");
  }

  /** The source of a JSON template, which is an object, a list or a text. */
  String jsonSource(String name) {
    return switch (json.getValue(name)) {
      case JsonObject object -> object.encode();
      case JsonArray array -> array.encode();
      case String text -> text;
      case null, default ->
          throw new IllegalArgumentException(name + " must be a JSON object or a template text");
    };
  }

  /** A template; empty if it is missing or blank. */
  public Optional<TextTemplate> template(String name, TextTemplate.Form form) {
    return text(name).map(source -> template(name, source, form));
  }

  /** The same, where an object or a list stands for its JSON text. */
  public Optional<TextTemplate> jsonTemplate(String name, TextTemplate.Form form) {
    return has(name)
        ? Optional.of(template(name, jsonSource(name).strip(), form))
        : Optional.empty();
  }

  static TextTemplate template(String name, String source) {
    return template(name, source, TextTemplate.Form.TEXT);
  }

  static TextTemplate template(String name, String source, TextTemplate.Form form) {
    try {
      return TextTemplate.of(source, form);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name + " is not a well-formed template: " + e.getMessage(), e);
    }
  }

  private static JsonObject parse(String name, String text) {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      throw new IllegalArgumentException(name + " must be a JSON object", e);
    }
  }
}
