package io.starling.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a body said, by name: a JSON object, or a form (whose values are texts). An empty body has
 * no fields.
 */
public final class Fields {
  private static final int MAX_FORM_FIELDS = 256;

  private final JsonObject values;

  /** The fields of a JSON object. */
  public Fields(JsonObject values) {
    this.values = values;
  }

  /** No fields. */
  public static Fields none() {
    return new Fields(new JsonObject());
  }

  /**
   * Reads a body.
   *
   * @param form whether it says to be a form; some tools say so of JSON too
   * @return empty if it is neither a JSON object nor a form, or has what no text in a database can
   *     have: U+0000, or half of a pair of surrogates
   */
  static Optional<Fields> parse(Buffer body, boolean form) {
    String text = body.toString(StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return Optional.of(none());
    }
    try {
      var fields = form && !text.startsWith("{") ? form(text) : new Fields(new JsonObject(text));
      return isNoText(fields.values) ? Optional.empty() : Optional.of(fields);
    } catch (DecodeException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static boolean isNoText(Object value) {
    return switch (value) {
      case String text -> text.indexOf('\0') >= 0 || hasHalfAPair(text);
      case JsonObject object ->
          object.stream()
              .anyMatch(
                  field ->
                      isNoText(field.getKey())
                          || (field.getValue() != null && isNoText(field.getValue())));
      case JsonArray array -> array.stream().anyMatch(each -> each != null && isNoText(each));
      default -> false;
    };
  }

  /** Which would be kept as a question mark: two texts that differ would be the same. */
  private static boolean hasHalfAPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!pair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static Fields form(String text) {
    var values = new JsonObject();
    // In the query of a URL a # would end it and a ; may part fields; in a form both are text.
    new QueryStringDecoder(
            text.replace("#", "%23"), StandardCharsets.UTF_8, false, MAX_FORM_FIELDS, true)
        .parameters()
        .forEach((name, all) -> values.put(name, all.getFirst()));
    return new Fields(values);
  }

  /** Tells whether there are none. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** A field as text: numbers and truth values as they are written, objects as JSON. */
  public Optional<String> text(String name) {
    return switch (values.getValue(name)) {
      case null -> Optional.empty();
      case JsonObject object -> Optional.of(object.encode());
      case JsonArray array -> Optional.of(array.encode());
      case Object value -> Optional.of(value.toString());
    };
  }

  /** The first of these fields that is there. */
  public Optional<String> firstText(String... names) {
    return List.of(names).stream().flatMap(name -> text(name).stream()).findFirst();
  }

  /** Tells whether a field is there, also as null. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** A field that is an object; no fields if it is none. */
  public Fields object(String name) {
    return values.getValue(name) instanceof JsonObject object ? new Fields(object) : none();
  }

  /** A field that is a whole number, or a text that is one. */
  public Optional<Long> number(String name) {
    return text(name).filter(text -> text.matches("-?\\d{1,18}")).map(Long::valueOf);
  }

  /** All of it but the token, as a JSON object of the caller's own. */
  public JsonObject all() {
    var copy = values.copy();
    copy.remove("access_token");
    return copy;
  }
}
