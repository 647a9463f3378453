package io.starling.bootstrap.health;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * What works in this process and what does not, part by part. Each part is asked when somebody
 * looks, so its supplier must be quick and never block. Thread-safe.
 */
public final class Health {
  private final Map<String, Supplier<Part>> parts = new ConcurrentSkipListMap<>();

  /** How a part is. */
  public enum Status {
    /** Works. */
    UP,
    /** Works, but not all of it; messages pass. */
    DEGRADED,
    /** Does not work. */
    DOWN
  }

  /**
   * A part's answer.
   *
   * @param note one line for a person
   * @param figures numbers by name, with the unit at the end of the name
   */
  public record Part(Status status, String note, Map<String, Number> figures) {
    /** A part that works. */
    public static Part up(String note) {
      return new Part(Status.UP, note, Map.of());
    }

    /** A part that works in part. */
    public static Part degraded(String note) {
      return new Part(Status.DEGRADED, note, Map.of());
    }

    /** A part that does not work. */
    public static Part down(String note) {
      return new Part(Status.DOWN, note, Map.of());
    }

    /** The same with figures. */
    public Part with(Map<String, Number> more) {
      return new Part(status, note, more);
    }
  }

  /** Adds a part, or replaces it. */
  public void register(String name, Supplier<Part> part) {
    parts.put(name, part);
  }

  /** All parts as they are now; one whose supplier throws is down. */
  public Map<String, Part> look() {
    var now = new TreeMap<String, Part>();
    parts.forEach((name, part) -> now.put(name, ask(part)));
    return now;
  }

  private static Part ask(Supplier<Part> part) {
    try {
      return part.get();
    } catch (RuntimeException e) {
      return Part.down("cannot tell: " + e.getMessage());
    }
  }
}
