package io.starling.webhooks.filter;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A filter, compiled. Immutable and thread-safe. */
public final class Filter {
  private final Condition condition;
  private final boolean looksAtWhole;

  private Filter(Condition condition, boolean looksAtWhole) {
    this.condition = condition;
    this.looksAtWhole = looksAtWhole;
  }

  /**
   * Compiles a filter.
   *
   * @throws IllegalArgumentException if it is not well-formed, saying what to change
   */
  public static Filter of(JsonObject source) {
    var reader = new FilterReader();
    var condition = reader.read(source);
    return new Filter(condition, reader.looksAtWhole());
  }

  /** Tells whether data are let through. */
  public boolean matches(EventData data) {
    return (looksAtWhole || data.isObject()) && condition.holds(data);
  }

  /** Which condition keeps data back, in words; empty if none does. */
  public Optional<String> failing(EventData data) {
    return looksAtWhole || data.isObject()
        ? condition.failing(data)
        : Optional.of("the data are no JSON object");
  }
}
