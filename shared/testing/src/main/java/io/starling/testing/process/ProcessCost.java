package io.starling.testing.process;

import java.io.IOException;
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
  private static final int ENDED_CHILDREN_TIME = 16 - 3;

  /**
   * Reads it now.
   *
   * @throws IllegalStateException when there is no such process
   */
  public static ProcessCost of(long pid) {
    var fields = fields(pid);
    if (fields.length == 0) {
      throw new IllegalStateException("no process " + pid);
    }
    var cpu = Duration.ofNanos(ticks(fields, USER_TIME) * NANOS_PER_TICK);
    return new ProcessCost(cpu, resident(pid), System.nanoTime());
  }

  /**
   * User and system time of a process and all its descendants, those that have ended and were
   * awaited included; zero when there is no such process.
   */
  public static Duration cpuOfTree(long pid) {
    var root = fields(pid);
    if (root.length == 0) {
      return Duration.ZERO;
    }
    var ticks = ticks(root, USER_TIME) + ticks(root, ENDED_CHILDREN_TIME);
    var descendants = ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).toList();
    for (var child : descendants) {
      var fields = fields(child.pid());
      ticks += fields.length == 0 ? 0 : ticks(fields, USER_TIME);
    }
    return Duration.ofNanos(ticks * NANOS_PER_TICK);
  }

  private static long ticks(String[] fields, int at) {
    return Long.parseLong(fields[at]) + Long.parseLong(fields[at + 1]);
  }

  /** The fields of its stat file behind the name; none when there is no such process. */
  private static String[] fields(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The second field is the program's name in brackets and may hold spaces: start behind it.
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException _) {
      return new String[0];
    }
  }

  private static long resident(long pid) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      throw new IllegalStateException("no process " + pid, e);
    }
  }

  /** CPU time spent between an earlier reading and this one. */
  public Duration cpuSince(ProcessCost earlier) {
    return cpu.minus(earlier.cpu);
  }
}
