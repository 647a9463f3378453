package io.starling.testing.region;

import io.starling.testing.process.Launch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Starts programs whose wall clock is wrong and whose timers are right, by libfaketime between them
 * and the C library. A JVM so started and killed leaves two files of some bytes in {@code
 * /dev/shm}.
 */
final class WrongClock {
  private static final List<String> FOLDERS =
      List.of(
          "/usr/lib/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "-linux-gnu",
          "/usr/lib64",
          "/usr/lib");

  private WrongClock() {}

  /**
   * The library.
   *
   * @throws IllegalStateException if it is not installed
   */
  static Path require() {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, "faketime", "libfaketimeMT.so.1"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "wall clocks cannot be set apart here: libfaketime is not installed (package"
                        + " faketime)"));
  }

  /** The same program, with a wall clock that is so far ahead; behind, if that is negative. */
  static Launch of(Duration ahead, Launch launch) {
    return launch.through(
        List.of(
            "env",
            "LD_PRELOAD=" + require(),
            "FAKETIME=%+d".formatted(ahead.toSeconds()),
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            // Else waits that are timed by the monotonic clock, as all of a JVM's, end at once.
            "FAKETIME_FORCE_MONOTONIC_FIX=0"));
  }
}
