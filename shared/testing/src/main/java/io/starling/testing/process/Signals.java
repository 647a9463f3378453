package io.starling.testing.process;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Signals to processes that are not our children, and those that Java cannot send. */
public final class Signals {
  private static final int LIMIT_SECONDS = 5;

  private Signals() {}

  /**
   * Sends it; a process that has just ended is no mistake.
   *
   * @param signal its name without SIG
   * @throws IllegalStateException when it may not be sent
   */
  public static void send(String signal, long pid) {
    try {
      var kill =
          new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!kill.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)
          || (kill.exitValue() != 0 && isThere(pid))) {
        throw new IllegalStateException("could not send SIG" + signal + " to process " + pid);
      }
    } catch (IOException e) {
      throw new IllegalStateException("could not send SIG" + signal + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static boolean isThere(long pid) {
    return ProcessStat.of(pid).filter(stat -> !stat.isZombie()).isPresent();
  }
}
