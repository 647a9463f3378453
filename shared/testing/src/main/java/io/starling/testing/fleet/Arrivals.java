package io.starling.testing.fleet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What arrived somewhere, read from the stamps in what was received, against what a fleet knows to
 * be acknowledged.
 *
 * @param lost acknowledged and not arrived: has to be empty
 * @param repeated arrived more than once: allowed, delivery is at least once
 * @param disordered arrived for the first time after a later one of the same device
 * @param unknown received texts without a stamp
 */
public record Arrivals(
    int arrived, List<String> lost, int repeated, List<String> disordered, int unknown) {

  /** Compares in the order in which the texts were received. */
  public static Arrivals check(Fleet fleet, Collection<String> received) {
    return check(fleet.acknowledged(), received);
  }

  static Arrivals check(Collection<String> acknowledged, Collection<String> received) {
    var seen = new HashSet<String>();
    Map<Integer, Long> latest = new HashMap<>();
    var disordered = new ArrayList<String>();
    var repeated = 0;
    var unknown = 0;
    for (var text : received) {
      var found = Stamp.find(text);
      if (found.isEmpty()) {
        unknown++;
        continue;
      }
      var stamp = found.get();
      if (!seen.add(stamp.key())) {
        repeated++;
      } else if (latest.merge(stamp.device(), stamp.sequence(), Math::max) > stamp.sequence()) {
        disordered.add(stamp.key());
      }
    }
    var lost = acknowledged.stream().filter(key -> !seen.contains(key)).toList();
    return new Arrivals(seen.size(), lost, repeated, List.copyOf(disordered), unknown);
  }
}
