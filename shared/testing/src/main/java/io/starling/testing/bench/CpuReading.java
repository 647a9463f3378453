package io.starling.testing.bench;

import io.starling.testing.process.ProcessCost;
import io.starling.testing.server.ServerUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Who has used how much of the machine so far.
 *
 * @param machine all processors, busy
 * @param own of this process: the load
 */
record CpuReading(Duration server, Duration database, Duration own, Duration machine, long nanos) {
  private static final long NANOS_PER_TICK = 10_000_000;

  static CpuReading of(ServerUnderTest server) {
    return new CpuReading(
        ProcessCost.of(server.pid()).cpu(),
        server.databaseCpu(),
        ProcessCost.of(ProcessHandle.current().pid()).cpu(),
        machineBusy(),
        System.nanoTime());
  }

  CpuReading since(CpuReading earlier) {
    return new CpuReading(
        server.minus(earlier.server),
        database.minus(earlier.database),
        own.minus(earlier.own),
        machine.minus(earlier.machine),
        nanos - earlier.nanos);
  }

  /** Of a difference: the part of all processors that neither the server nor the load had, in %. */
  double othersPercent() {
    var others = machine.minus(server).minus(database).minus(own).toNanos();
    var whole = (double) nanos * Runtime.getRuntime().availableProcessors();
    return Math.max(0, others * 100 / whole);
  }

  /** Of a difference: how many processors the server and its database kept busy. */
  double serverProcessors() {
    return (double) server.plus(database).toNanos() / nanos;
  }

  private static Duration machineBusy() {
    try {
      var first = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+", -1);
      // cpu user nice system idle iowait irq softirq steal
      var busy = 0L;
      for (var field : new int[] {1, 2, 3, 6, 7, 8}) {
        busy += Long.parseLong(first[field]);
      }
      return Duration.ofNanos(busy * NANOS_PER_TICK);
    } catch (IOException e) {
      throw new IllegalStateException("could not read /proc/stat", e);
    }
  }
}
