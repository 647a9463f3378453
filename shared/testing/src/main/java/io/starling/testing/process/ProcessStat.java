package io.starling.testing.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/<pid>/stat} says.
 *
 * @param state one letter, as ps shows it
 * @param startTicks since the machine was started; with the id, it names a process for good
 */
record ProcessStat(char state, long startTicks) {
  private static final int STATE = 3 - 3;
  private static final int START_TIME = 22 - 3;

  static Optional<ProcessStat> of(long pid) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The second field is the program's name in brackets and may hold spaces: start behind it.
      var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Optional.of(
          new ProcessStat(fields[STATE].charAt(0), Long.parseLong(fields[START_TIME])));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  boolean isStopped() {
    return state == 'T' || state == 't';
  }

  /** It has ended and nobody has asked how. */
  boolean isZombie() {
    return state == 'Z' || state == 'X';
  }
}
