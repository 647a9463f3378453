package io.starling.testing.history;

import java.util.List;

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

  /** All acknowledged publications. */
  public List<Publication> acked() {
    return publications.stream().flatMap(List::stream).filter(Publication::isAcked).toList();
  }
}
