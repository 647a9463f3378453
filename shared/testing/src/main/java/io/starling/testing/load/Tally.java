package io.starling.testing.load;

import io.starling.testing.fleet.Stamp;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** What all connections of a load count together. Thread-safe. */
final class Tally {
  private static final long MOST_MICROS = TimeUnit.MINUTES.toMicros(5);

  private final LongAdder sent = new LongAdder();
  private final LongAdder tenths = new LongAdder();
  private final LongAdder acked = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder unsent = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final Recorder latency = new Recorder(MOST_MICROS, 3);
  private volatile Consumer<Stamp> onTenthAcked = _ -> {};
  private final Recorder delivery = new Recorder(MOST_MICROS, 3);

  void sent(int count) {
    sent.add(count);
  }

  void tenth() {
    tenths.increment();
  }

  void unsent(int count) {
    unsent.add(count);
  }

  void lost() {
    lost.increment();
  }

  void acked(long dueNanos) {
    acked.increment();
    latency.recordValue(Math.clamp((System.nanoTime() - dueNanos) / 1_000, 0, MOST_MICROS));
  }

  void onTenthAcked(Consumer<Stamp> listener) {
    onTenthAcked = listener;
  }

  /** The same message was told to {@link #acked} already. */
  void tenthAcked(Stamp stamp) {
    onTenthAcked.accept(stamp);
  }

  void delivered(long dueNanos) {
    delivered.increment();
    delivery.recordValue(Math.clamp((System.nanoTime() - dueNanos) / 1_000, 0, MOST_MICROS));
  }

  LoadCount count() {
    return new LoadCount(
        sent.sum(),
        tenths.sum(),
        acked.sum(),
        delivered.sum(),
        unsent.sum(),
        lost.sum(),
        System.nanoTime());
  }

  /** The same of deliveries, from due to the subscriber. */
  Histogram takeDelivery() {
    return delivery.getIntervalHistogram();
  }

  /** Latencies in microseconds since the last call. */
  Histogram takeLatency() {
    return latency.getIntervalHistogram();
  }
}
