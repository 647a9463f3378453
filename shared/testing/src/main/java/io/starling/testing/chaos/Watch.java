package io.starling.testing.chaos;

import io.starling.testing.history.Observation;
import io.starling.testing.history.PublicationLog;
import io.starling.testing.history.SinkLog;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Notes when things came back: of events that were published after a moment, the first that was
 * acknowledged, the moment when each device had one, and the first at each sink. Thread-safe.
 */
final class Watch implements AutoCloseable {
  private final long fromNanos;
  private final PublicationLog publications;
  private final int devices;
  private final List<SinkLog> sinks;
  private final Map<SinkLog, Consumer<Observation>> listeners = new HashMap<>();
  private final PublicationLog.AckListener acks = this::acknowledged;
  private final BitSet back = new BitSet();
  private final Map<SinkLog, Long> seen = new HashMap<>();
  private long firstNanos;
  private long allNanos;

  private Watch(PublicationLog publications, int devices, List<SinkLog> sinks) {
    this.fromNanos = System.nanoTime();
    this.publications = publications;
    this.devices = devices;
    this.sinks = List.copyOf(sinks);
  }

  /** One that watches from now on. */
  static Watch begin(PublicationLog publications, int devices, List<SinkLog> sinks) {
    var watch = new Watch(publications, devices, sinks);
    publications.listen(watch.acks);
    for (var sink : sinks) {
      Consumer<Observation> listener = seen -> watch.observed(sink, seen);
      watch.listeners.put(sink, listener);
      sink.listen(listener);
    }
    return watch;
  }

  private synchronized void acknowledged(int device, long invokedNanos, long ackedNanos) {
    if (invokedNanos - fromNanos < 0 || allNanos != 0) {
      return;
    }
    if (back.isEmpty()) {
      firstNanos = ackedNanos;
    }
    back.set(device);
    if (back.cardinality() == devices) {
      allNanos = ackedNanos;
    }
  }

  private synchronized void observed(SinkLog sink, Observation event) {
    if (event.stampNanos() - fromNanos >= 0) {
      var _ = seen.putIfAbsent(sink, event.atNanos());
    }
  }

  long fromNanos() {
    return fromNanos;
  }

  /** Until the first acknowledgement, counted from this moment. */
  synchronized Optional<Duration> firstAck(long sinceNanos) {
    return back.isEmpty() ? Optional.empty() : Optional.of(since(sinceNanos, firstNanos));
  }

  /** Until every device had an acknowledgement. */
  synchronized Optional<Duration> everyDevice(long sinceNanos) {
    return allNanos == 0 ? Optional.empty() : Optional.of(since(sinceNanos, allNanos));
  }

  /** Until every sink had an event. */
  synchronized Optional<Duration> everySink(long sinceNanos) {
    return seen.size() < sinks.size()
        ? Optional.empty()
        : seen.values().stream()
            .reduce((a, b) -> a - b > 0 ? a : b)
            .map(last -> since(sinceNanos, last));
  }

  /** The sink that had to wait longest; empty if one still waits. */
  synchronized Optional<String> slowestSink() {
    return seen.size() < sinks.size()
        ? Optional.empty()
        : seen.entrySet().stream()
            .max((a, b) -> Long.signum(a.getValue() - b.getValue()))
            .map(entry -> entry.getKey().name());
  }

  synchronized boolean isComplete() {
    return allNanos != 0 && seen.size() == sinks.size();
  }

  private static Duration since(long fromNanos, long toNanos) {
    return Duration.ofNanos(Math.max(0, toNanos - fromNanos));
  }

  @Override
  public void close() {
    publications.unlisten(acks);
    listeners.forEach(SinkLog::unlisten);
  }
}
