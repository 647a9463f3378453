package io.starling.webhooks.filter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a filter asks of an event's data. */
sealed interface Condition {

  /** Why it does not hold, in words; empty if it does. */
  Optional<String> failing(EventData data);

  boolean holds(EventData data);

  /**
   * Something about what stands at a path.
   *
   * @param path empty for the data as a whole
   * @param wanted as it stands in the filter
   */
  record Field(List<String> path, Test test, String wanted) implements Condition {
    private @Nullable Object value(EventData data) {
      return path.isEmpty() ? data.whole() : data.at(path);
    }

    @Override
    public boolean holds(EventData data) {
      return (path.isEmpty() || data.isObject()) && test.of(value(data));
    }

    @Override
    public Optional<String> failing(EventData data) {
      if (holds(data)) {
        return Optional.empty();
      }
      String name = path.isEmpty() ? "$data" : String.join(".", path);
      Object value = value(data);
      String is = EventData.MISSING.equals(value) ? "is missing" : "is " + Values.told(value);
      return Optional.of(name + " " + is + ", wanted: " + wanted);
    }
  }

  /** All of these. */
  record All(List<Condition> parts) implements Condition {
    @Override
    public boolean holds(EventData data) {
      return parts.stream().allMatch(part -> part.holds(data));
    }

    @Override
    public Optional<String> failing(EventData data) {
      return parts.stream().flatMap(part -> part.failing(data).stream()).findFirst();
    }
  }

  /** Any of these. */
  record Any(List<Condition> parts) implements Condition {
    @Override
    public boolean holds(EventData data) {
      return parts.stream().anyMatch(part -> part.holds(data));
    }

    @Override
    public Optional<String> failing(EventData data) {
      return holds(data)
          ? Optional.empty()
          : Optional.of(
              parts.stream()
                  .flatMap(part -> part.failing(data).stream())
                  .limit(3)
                  .collect(Collectors.joining("; ", "none of $or holds: ", "")));
    }
  }

  /**
   * The opposite.
   *
   * @param excluded as it stands in the filter
   */
  record Not(Condition part, String excluded) implements Condition {
    @Override
    public boolean holds(EventData data) {
      return !part.holds(data);
    }

    @Override
    public Optional<String> failing(EventData data) {
      return holds(data) ? Optional.empty() : Optional.of("$not excludes " + excluded);
    }
  }
}
