package io.starling.testing.bench;

import io.starling.testing.load.LoadCount;
import org.HdrHistogram.Histogram;

/** What happened between two moments. Latencies in microseconds. */
record Interval(LoadCount count, CpuReading cpu, Histogram latency) {

  double ackedPerSecond() {
    return count.ackedPerSecond();
  }

  double serverMicrosPerMessage() {
    return cpu.server().toNanos() / 1e3 / Math.max(1, count.acked());
  }

  double databaseMicrosPerMessage() {
    return cpu.database().toNanos() / 1e3 / Math.max(1, count.acked());
  }

  /** True when rate and cost of both differ by less than this part. */
  boolean agrees(Interval other, double part) {
    return near(ackedPerSecond(), other.ackedPerSecond(), part)
        && near(serverMicrosPerMessage(), other.serverMicrosPerMessage(), part);
  }

  private static boolean near(double a, double b, double part) {
    return Math.abs(a - b) <= part * Math.max(a, b);
  }
}
