package io.starling.connection.guard;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often something happened lately, by name: a count that leaks away evenly over a window. The
 * names that had nothing for the longest are forgotten when there are too many. Not thread-safe.
 */
final class Recent {
  private final Map<String, Level> levels;
  private final double perNano;

  /** The count as it was at a time. */
  private record Level(double count, long atNanos) {}

  /**
   * Nothing yet.
   *
   * @param perWindow how many are forgotten in a window
   * @param most how many names are remembered
   */
  Recent(double perWindow, long windowNanos, int most) {
    this.perNano = perWindow / windowNanos;
    this.levels =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Level> eldest) {
            return size() > most;
          }
        };
  }

  /** Once more; how often that is by now. */
  double add(String name, long nowNanos) {
    double count = count(name, nowNanos) + 1;
    var _ = levels.remove(name); // so that it stands last
    levels.put(name, new Level(count, nowNanos));
    return count;
  }

  /** How often it is by now. */
  double count(String name, long nowNanos) {
    var level = levels.get(name);
    return level == null ? 0 : Math.max(0, level.count() - perNano * (nowNanos - level.atNanos()));
  }

  void forget(String name) {
    var _ = levels.remove(name);
  }

  int size() {
    return levels.size();
  }
}
