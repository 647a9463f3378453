package io.starling.connection.wire;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The properties of one packet (MQTT 5, section 2.2.2).
 *
 * @param values all but user properties: numbers as {@link Long}, text as {@link String}, binary
 *     data as {@link Buffer}
 * @param users user properties, in their order
 */
public record Properties(Map<Property, Object> values, List<UserProperty> users) {
  /** No properties. */
  public static final Properties NONE = new Properties(Map.of(), List.of());

  /** A pair of texts, whose meaning the application knows. */
  public record UserProperty(String name, String value) {}

  /** A number; the fallback if it is not there. */
  public long number(Property property, long fallback) {
    return values.get(property) instanceof Long value ? value : fallback;
  }

  /** A text; null if it is not there. */
  public @Nullable String text(Property property) {
    return values.get(property) instanceof String value ? value : null;
  }

  /** Binary data; null if it is not there. */
  public @Nullable Buffer binary(Property property) {
    return values.get(property) instanceof Buffer value ? value : null;
  }

  /** Tells whether it is there. */
  public boolean has(Property property) {
    return values.containsKey(property);
  }

  /** Tells whether there is nothing. */
  public boolean isEmpty() {
    return values.isEmpty() && users.isEmpty();
  }

  /** These properties, as far as they are among those, with all user properties. */
  public Properties only(Set<Property> those) {
    var kept = builder();
    values.forEach(
        (property, value) -> {
          if (those.contains(property)) {
            var _ = kept.put(property, value);
          }
        });
    kept.users.addAll(users);
    return kept.build();
  }

  /** Properties to be made. */
  public static Builder builder() {
    return new Builder();
  }

  /** Makes properties; each of its methods gives back the same object. */
  public static final class Builder {
    private final Map<Property, Object> values = new EnumMap<>(Property.class);
    private final List<UserProperty> users = new ArrayList<>();

    private Builder() {}

    /** A number. */
    public Builder number(Property property, long value) {
      return put(property, value);
    }

    /** A text; no-op if it is null. */
    public Builder text(Property property, @Nullable String value) {
      return value == null ? this : put(property, value);
    }

    /** Binary data. */
    public Builder binary(Property property, Buffer value) {
      return put(property, value);
    }

    /** A user property. */
    public Builder user(String name, String value) {
      users.add(new UserProperty(name, value));
      return this;
    }

    private Builder put(Property property, Object value) {
      values.put(property, value);
      return this;
    }

    /** The properties. */
    public Properties build() {
      return new Properties(values, users);
    }
  }
}
