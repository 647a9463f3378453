package io.starling.testing.check;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.testing.history.CallRecord;
import io.starling.testing.history.Demand;
import io.starling.testing.history.Evidence;
import io.starling.testing.history.Execution;
import io.starling.testing.history.MemorySample;
import io.starling.testing.history.Observation;
import io.starling.testing.history.Ownership;
import io.starling.testing.history.Publication;
import io.starling.testing.history.Recovery;
import io.starling.testing.history.SinkRecord;
import java.util.ArrayList;
import java.util.List;

/** A history told line by line; each line happens one nanosecond after the one before. */
final class Story {
  private final List<List<Publication>> publications = new ArrayList<>();
  private final List<SinkRecord> sinks = new ArrayList<>();
  private final List<CallRecord> calls = new ArrayList<>();
  private final List<Execution> executions = new ArrayList<>();
  private final List<Ownership> owners = new ArrayList<>();
  private final List<Recovery> recoveries = new ArrayList<>();
  private final List<MemorySample> memory = new ArrayList<>();
  private long now = 1_000;

  /** The device publishes its next event, without an answer so far. */
  @CanIgnoreReturnValue
  Story publishes(int device, int session) {
    while (publications.size() <= device) {
      publications.add(new ArrayList<>());
    }
    var events = publications.get(device);
    events.add(new Publication(device, events.size(), session, now++, Publication.NEVER));
    return this;
  }

  /** The cloud acknowledges this event. */
  @CanIgnoreReturnValue
  Story acks(int device, int number) {
    publications.get(device).set(number, acked(event(device, number), now++));
    return this;
  }

  /** Both at once. */
  @CanIgnoreReturnValue
  Story publishesAcked(int device, int session) {
    return publishes(device, session).acks(device, publications.get(device).size() - 1);
  }

  /** A sink that owes everything and keeps order, with these events as {@code device-number}. */
  @CanIgnoreReturnValue
  Story shows(String sink, String... keys) {
    return shows(sink, new Demand.Everything(), true, keys);
  }

  @CanIgnoreReturnValue
  Story shows(String sink, Demand demand, boolean ordered, String... keys) {
    var seen = new ArrayList<Observation>();
    for (var key : keys) {
      var parts = key.split("-", 2);
      var device = Integer.parseInt(parts[0]);
      var number = Integer.parseInt(parts[1]);
      var stamp =
          device < publications.size() && number < publications.get(device).size()
              ? event(device, number).invokedNanos()
              : 0;
      seen.add(new Observation(device, number, stamp, now++));
    }
    sinks.add(new SinkRecord(sink, demand, ordered, seen, List.of()));
    return this;
  }

  @CanIgnoreReturnValue
  Story shows(SinkRecord sink) {
    sinks.add(sink);
    return this;
  }

  @CanIgnoreReturnValue
  Story calls(int call, int device, CallRecord.Outcome outcome) {
    calls.add(CallRecord.begun(call, device, 0).ended(outcome));
    return this;
  }

  @CanIgnoreReturnValue
  Story runs(int call, int device) {
    executions.add(new Execution(call, device));
    return this;
  }

  @CanIgnoreReturnValue
  Story owns(int device, long epoch, int session, String gateway) {
    owners.add(new Ownership(device, epoch, session, gateway));
    return this;
  }

  @CanIgnoreReturnValue
  Story recovers(Recovery recovery) {
    recoveries.add(recovery);
    return this;
  }

  @CanIgnoreReturnValue
  Story uses(String process, long bytes, long bound) {
    memory.add(new MemorySample(process, now++, bytes, bound));
    return this;
  }

  long now() {
    return now;
  }

  Publication event(int device, int number) {
    return publications.get(device).get(number);
  }

  Evidence evidence() {
    return new Evidence(publications, sinks, calls, executions, owners, recoveries, memory);
  }

  /** What the checker finds, as text. */
  List<String> violations() {
    return Checker.check(evidence()).stream().map(Violation::toString).toList();
  }

  private static Publication acked(Publication event, long at) {
    return new Publication(
        event.device(), event.number(), event.session(), event.invokedNanos(), at);
  }
}
