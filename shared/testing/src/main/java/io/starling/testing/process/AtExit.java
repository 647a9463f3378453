package io.starling.testing.process;

import java.time.Duration;

/**
 * Something to do when this JVM ends while a block runs, by Ctrl-C for instance; not when the block
 * ends by itself.
 */
public final class AtExit implements AutoCloseable {
  private final Thread hook;

  private AtExit(Thread hook) {
    this.hook = hook;
  }

  public static AtExit run(Runnable action) {
    var exit = new AtExit(Thread.ofPlatform().name("at-exit").unstarted(action));
    Runtime.getRuntime().addShutdownHook(exit.hook);
    return exit;
  }

  /**
   * Takes the action back. When the JVM is ending already it waits for the action instead, and then
   * for the end: what follows the block is not meant for a JVM that was interrupted.
   */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      awaitEnd();
    }
  }

  private static void awaitEnd() {
    try {
      Thread.sleep(Duration.ofMinutes(1));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
