package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import io.starling.testing.history.Observation;
import io.starling.testing.history.Publication;
import io.starling.testing.history.SinkRecord;
import java.util.List;
import java.util.stream.Stream;

/** What a sink received was published, with this content, by the device whose name it bears. */
final class NothingInvented implements Check {

  @Override
  public String promise() {
    return "nothing arrives that nobody sent";
  }

  @Override
  public List<Violation> violations(Evidence evidence) {
    return evidence.sinks().stream()
        .flatMap(sink -> Stream.concat(strangers(sink), unsent(sink, evidence.publications())))
        .toList();
  }

  private Stream<Violation> strangers(SinkRecord sink) {
    return sink.strangers().stream()
        .map(what -> new Violation(promise(), "%s received %s".formatted(sink.name(), what)));
  }

  private Stream<Violation> unsent(SinkRecord sink, List<List<Publication>> publications) {
    return sink.observations().stream()
        .filter(seen -> !wasSent(seen, publications))
        .map(
            seen ->
                new Violation(
                    promise(), "%s received event %s".formatted(sink.name(), seen.key())));
  }

  private static boolean wasSent(Observation seen, List<List<Publication>> publications) {
    return seen.device() < publications.size()
        && seen.number() < publications.get(seen.device()).size()
        && publications.get(seen.device()).get(seen.number()).invokedNanos() == seen.stampNanos();
  }
}
