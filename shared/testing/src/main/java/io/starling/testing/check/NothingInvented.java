package io.starling.testing.check;

import io.starling.testing.history.Evidence;
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
        .flatMap(sink -> Stream.concat(strangers(sink), unsent(sink, evidence)))
        .toList();
  }

  private Stream<Violation> strangers(SinkRecord sink) {
    return sink.strangers().stream()
        .map(what -> new Violation(promise(), "%s received %s".formatted(sink.name(), what)));
  }

  private Stream<Violation> unsent(SinkRecord sink, Evidence evidence) {
    return sink.observations().stream()
        .filter(seen -> evidence.sent(seen).isEmpty())
        .map(
            seen ->
                new Violation(
                    promise(), "%s received event %s".formatted(sink.name(), seen.key())));
  }
}
