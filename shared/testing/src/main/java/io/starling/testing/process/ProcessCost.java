package io.starling.testing.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a process has cost so far, read from {@code /proc}.
 *
 * @param cpu user and system time of all its threads, in steps of 10 ms
 * @param residentBytes VmRSS
 * @param nanos {@link System#nanoTime} of the reading
 */
public record ProcessCost(Duration cpu, long residentBytes, long nanos) {
  /** USER_HZ: fixed at 100 in what Linux shows to programs on the platforms Java runs on. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final int USER_TIME = 14 - 3;

  /**
   * Reads it now.
   *
   * @throws UncheckedIOException when there is no such process
   */
  public static ProcessCost of(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The second field is the program's name in brackets and may hold spaces: start behind it.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      var ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[USER_TIME + 1]);
      return new ProcessCost(
          Duration.ofNanos(ticks * NANOS_PER_TICK), resident(pid), System.nanoTime());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long resident(long pid) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  /** CPU time spent between an earlier reading and this one. */
  public Duration cpuSince(ProcessCost earlier) {
    return cpu.minus(earlier.cpu);
  }
}
