package io.starling.testing.bench;

import io.starling.testing.load.LoadCount;
import org.HdrHistogram.Histogram;

/** What happened between two moments. Latencies in microseconds. */
record Interval(LoadCount count, CpuReading cpu, Histogram latency, Histogram delivery) {

  double ackedPerSecond() {
    return count.ackedPerSecond();
  }

  double serverMicrosPerMessage() {
    return cpu.server().toNanos() / 1e3 / Math.max(1, count.acked());
  }

  double serverMicrosPerDelivery() {
    return cpu.server().toNanos() / 1e3 / Math.max(1, count.delivered());
  }

  /** Of QoS 0, which nobody acknowledges. */
  double serverMicrosPerSent() {
    return cpu.server().toNanos() / 1e3 / Math.max(1, count.sent());
  }

  double databaseMicrosPerMessage() {
    return cpu.database().toNanos() / 1e3 / Math.max(1, count.acked());
  }

  /** True when rate and cost of both differ by less than this part. */
  boolean agrees(Interval other, double part) {
    return near(count.sent(), other.count.sent(), part)
        && near(cpu.server().toNanos(), other.cpu.server().toNanos(), part);
  }

  private static boolean near(long a, long b, double part) {
    return Math.abs(a - b) <= part * Math.max(a, b);
  }
}
