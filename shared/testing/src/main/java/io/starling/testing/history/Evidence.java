package io.starling.testing.history;

import java.util.List;
import java.util.Optional;

/**
 * Everything that is known of a run.
 *
 * @param publications by device and number
 */
public record Evidence(
    List<List<Publication>> publications,
    List<SinkRecord> sinks,
    List<CallRecord> calls,
    List<Execution> executions,
    List<Ownership> owners,
    List<Recovery> recoveries,
    List<MemorySample> memory) {
  public Evidence {
    publications = publications.stream().map(List::copyOf).toList();
    sinks = List.copyOf(sinks);
    calls = List.copyOf(calls);
    executions = List.copyOf(executions);
    owners = List.copyOf(owners);
    recoveries = List.copyOf(recoveries);
    memory = List.copyOf(memory);
  }

  /** What a sink received, if it was sent, with this very content. */
  public Optional<Publication> sent(Observation seen) {
    return seen.device() < publications.size()
            && seen.number() < publications.get(seen.device()).size()
        ? Optional.of(publications.get(seen.device()).get(seen.number()))
            .filter(event -> event.invokedNanos() == seen.stampNanos())
        : Optional.empty();
  }

  /** When the first event was published; 0 if there is none. */
  public long firstNanos() {
    return publications.stream()
        .flatMap(ofDevice -> ofDevice.stream().limit(1))
        .map(Publication::invokedNanos)
        .reduce((a, b) -> a - b < 0 ? a : b)
        .orElse(0L);
  }

  /** All acknowledged publications. */
  public List<Publication> acked() {
    return publications.stream().flatMap(List::stream).filter(Publication::isAcked).toList();
  }
}
