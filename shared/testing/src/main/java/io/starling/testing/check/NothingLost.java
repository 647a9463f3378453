package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import io.starling.testing.history.Publication;
import io.starling.testing.history.SinkRecord;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was acknowledged is in each sink that owes it. */
final class NothingLost implements Check {

  @Override
  public String promise() {
    return "nothing acknowledged is lost";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    var acked = evidence.acked();
    return evidence.sinks().stream().flatMap(sink -> missing(sink, acked, evidence)).toList();
  }

  private Stream<Violation> missing(SinkRecord sink, List<Publication> acked, Evidence evidence) {
    var arrived =
        sink.observations().stream()
            .flatMap(seen -> evidence.sent(seen).stream())
            .collect(Collectors.toSet());
    return acked.stream()
        .filter(event -> sink.demand().includes(event) && !arrived.contains(event))
        .map(
            event ->
                new Violation(
                    promise(),
                    "event %s of session %d, published at %.1f s, is missing at %s"
                        .formatted(
                            event.key(),
                            event.session(),
                            (event.invokedNanos() - evidence.firstNanos()) / 1e9,
                            sink.name())));
  }
}
