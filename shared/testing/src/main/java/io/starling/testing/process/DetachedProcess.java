package io.starling.testing.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that outlives this JVM, known by a file with its id and the moment of its start, so
 * that a signal never reaches another one to which the id went meanwhile. Every method looks anew;
 * all block at most as long as they say. For Linux.
 */
public final class DetachedProcess {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** How it is. */
  public enum State {
    DEAD,
    RUNNING,
    /** Stopped by a signal. */
    FROZEN
  }

  private final String name;
  private final Path file;

  /**
   * The process that this file tells of, if there is one.
   *
   * @param name for messages
   */
  public DetachedProcess(String name, Path file) {
    this.name = name;
    this.file = file;
  }

  /**
   * Starts it in a session of its own; its output is appended to the log.
   *
   * @throws IllegalStateException when it runs already or the program cannot be started
   */
  public void start(Launch launch, Path log) {
    if (state() != State.DEAD) {
      throw new IllegalStateException(name + " runs already");
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      var started =
          launch
              .builder()
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      started.getOutputStream().close();
      var pid = started.pid();
      var mark = pid + " " + ProcessStat.of(pid).map(ProcessStat::startTicks).orElse(0L) + "\n";
      Files.writeString(file, mark);
    } catch (IOException e) {
      throw new IllegalStateException("could not start " + name + ": " + e.getMessage(), e);
    }
  }

  /** A launch that does not end with the terminal, or with Ctrl-C in it. */
  public static Launch apart(Launch launch) {
    return launch.through(List.of("setsid"));
  }

  public State state() {
    return mark()
        .flatMap(Mark::stat)
        .map(stat -> stat.isStopped() ? State.FROZEN : State.RUNNING)
        .orElse(State.DEAD);
  }

  /** Its id, while it is there. */
  public Optional<Long> pid() {
    return mark().filter(mark -> mark.stat().isPresent()).map(Mark::pid);
  }

  /** SIGKILL, also when it is frozen; returns when it is gone. Dead: nothing. */
  public void kill() {
    signal("KILL");
    if (!awaitEnd(KILL_LIMIT)) {
      throw new IllegalStateException(name + " survives SIGKILL");
    }
  }

  /** SIGSTOP: it keeps its connections and answers nothing. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT. */
  public void thaw() {
    signal("CONT");
  }

  /** SIGTERM, or SIGKILL after this time; false if that was necessary. */
  public boolean stop(Duration limit) {
    signal("CONT");
    signal("TERM");
    if (awaitEnd(limit)) {
      return true;
    }
    kill();
    return false;
  }

  /** The last lines of a log. */
  public static List<String> tail(Path log, int lines) {
    try {
      var all = new ArrayList<>(Files.readAllLines(log));
      return all.subList(Math.max(0, all.size() - lines), all.size());
    } catch (IOException _) {
      return List.of();
    }
  }

  private boolean awaitEnd(Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (state() != State.DEAD) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return true;
  }

  private void signal(String signal) {
    pid().ifPresent(pid -> Signals.send(signal, pid));
  }

  private Optional<Mark> mark() {
    try {
      var words = Files.readString(file).strip().split(" ", -1);
      return words.length == 2
          ? Optional.of(new Mark(Long.parseLong(words[0]), Long.parseLong(words[1])))
          : Optional.empty();
    } catch (IOException | NumberFormatException _) {
      return Optional.empty();
    }
  }

  private record Mark(long pid, long startTicks) {
    Optional<ProcessStat> stat() {
      return ProcessStat.of(pid)
          .filter(stat -> stat.startTicks() == startTicks && !stat.isZombie());
    }
  }
}
