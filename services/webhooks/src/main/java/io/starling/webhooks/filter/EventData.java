package io.starling.webhooks.filter;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The data of one event, read as JSON once, when that is asked for. For one thread. */
public final class EventData {
  /** Stands for what is not there, which {@code null} does not. */
  static final Object MISSING = new Object();

  private final Buffer bytes;
  private boolean read;
  private @Nullable Object value;

  /** The data of an event. */
  public EventData(Buffer bytes) {
    this.bytes = bytes;
  }

  /** As the JSON value that they are, or else as a text. */
  @Nullable Object whole() {
    if (!read) {
      read = true;
      String text = bytes.toString(StandardCharsets.UTF_8);
      try {
        value = text.isBlank() ? text : Values.plain(Json.decodeValue(text));
      } catch (DecodeException e) {
        value = text;
      }
    }
    return value;
  }

  boolean isObject() {
    return whole() instanceof Map;
  }

  /** What stands at a path; {@link #MISSING} if nothing does. */
  @Nullable Object at(List<String> path) {
    Object here = isObject() ? whole() : MISSING;
    for (String step : path) {
      here = Values.plain(below(here, step));
    }
    return here;
  }

  private static @Nullable Object below(@Nullable Object here, String step) {
    if (here instanceof Map<?, ?> map) {
      return map.containsKey(step) ? map.get(step) : MISSING;
    }
    if (here instanceof List<?> list) {
      int index = index(step);
      return index >= 0 && index < list.size() ? list.get(index) : MISSING;
    }
    return MISSING;
  }

  /** -1 if it is none. */
  private static int index(String step) {
    boolean digits = step.length() <= 6 && step.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits ? Integer.parseInt(step) : -1;
  }
}
