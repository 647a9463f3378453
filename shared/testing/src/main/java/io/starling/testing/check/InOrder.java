package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import io.starling.testing.history.Observation;
import io.starling.testing.history.Publication;
import io.starling.testing.history.SinkRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Of each device, no event appears for the first time before an acknowledged one that precedes it:
 * earlier in the same session, or acknowledged before this one was handed over. What was never
 * acknowledged may come at any time: a gateway that was cut off delivers it late.
 */
final class InOrder implements Check {

  @Override
  public String promise() {
    return "events of a device keep their order";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    return evidence.sinks().stream()
        .filter(SinkRecord::ordered)
        .flatMap(sink -> violations(sink, evidence))
        .toList();
  }

  private Stream<Violation> violations(SinkRecord sink, Evidence evidence) {
    return firsts(sink.observations(), evidence).values().stream()
        .flatMap(ofDevice -> inversions(ofDevice).stream())
        .map(
            pair ->
                new Violation(
                    promise(),
                    "%s has event %s before %s, which precedes it"
                        .formatted(sink.name(), pair.early().key(), pair.late().key())));
  }

  private record Inversion(Publication early, Publication late) {}

  /** The events of each device in the order in which they came first. */
  private static Map<Integer, List<Publication>> firsts(
      List<Observation> observations, Evidence evidence) {
    var firsts = new LinkedHashMap<Integer, LinkedHashMap<Integer, Publication>>();
    for (var seen : observations) {
      evidence
          .sent(seen)
          .ifPresent(
              event ->
                  firsts
                      .computeIfAbsent(event.device(), _ -> new LinkedHashMap<>())
                      .putIfAbsent(event.number(), event));
    }
    var lists = new LinkedHashMap<Integer, List<Publication>>();
    firsts.forEach((device, events) -> lists.put(device, List.copyOf(events.values())));
    return lists;
  }

  /** From the last to the first: does any that came later precede this one? */
  private static List<Inversion> inversions(List<Publication> arrived) {
    var inversions = new ArrayList<Inversion>();
    var firstOfSession = new HashMap<Integer, Publication>();
    @Nullable Publication firstAcked = null;
    for (var event : arrived.reversed()) {
      var sameSession = firstOfSession.get(event.session());
      if (sameSession != null && sameSession.precedes(event)) {
        inversions.add(new Inversion(event, sameSession));
      } else if (firstAcked != null && firstAcked.precedes(event)) {
        inversions.add(new Inversion(event, firstAcked));
      }
      if (event.isAcked()) {
        var _ =
            firstOfSession.merge(event.session(), event, (a, b) -> a.number() < b.number() ? a : b);
        firstAcked =
            firstAcked == null || event.ackedNanos() - firstAcked.ackedNanos() < 0
                ? event
                : firstAcked;
      }
    }
    return inversions.reversed();
  }
}
