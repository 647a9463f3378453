package io.starling.testing.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A running child process. Its output is read all the time and its last lines are kept. Methods
 * block the caller, at most as long as they say; they are meant for test and command threads, never
 * for an event loop. {@link #close} ends it: SIGTERM, then SIGKILL after 10 s.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration READER_LIMIT = Duration.ofSeconds(1);

  private final String name;
  private final Process process;
  private final Output output;
  private final Thread reader;
  private final Thread atExit;
  private final long startedNanos = System.nanoTime();

  ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.output = new Output(process.getInputStream());
    this.atExit = new Thread(this::end, "end-" + name);
    Runtime.getRuntime().addShutdownHook(atExit);
    this.reader = Thread.ofVirtual().name("output-" + name).start(output);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** {@link System#nanoTime} when it was started. */
  public long startedNanos() {
    return startedNanos;
  }

  /** The last lines of its output, standard error included; all of it once it has ended. */
  public List<String> output() {
    if (!process.isAlive()) {
      awaitReader();
    }
    return output.lines();
  }

  /**
   * Waits until it prints a line that contains this text; lines before the call count.
   *
   * @return the line
   * @throws IllegalStateException when it ends or the time runs out first; with its output
   */
  public String awaitLine(String text, Duration limit) {
    return await("to print \"" + text + "\"", () -> output.find(text), limit);
  }

  /**
   * Waits until there is something.
   *
   * @param what completes "it was expected"
   * @throws IllegalStateException when it ends or the time runs out first; with its output
   */
  public <T> T await(String what, Supplier<Optional<T>> something, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      var alive = process.isAlive();
      if (!alive) {
        awaitReader();
      }
      var found = something.get();
      if (found.isPresent()) {
        return found.get();
      }
      check(alive, what, deadline);
      pause();
    }
  }

  /** {@link #awaitLine} for one who does not need the line. */
  public void awaitOutput(String text, Duration limit) {
    var _ = awaitLine(text, limit);
  }

  /**
   * Waits until GET answers 200 with a body that satisfies the condition.
   *
   * @throws IllegalStateException when it ends or the time runs out first; with its output
   */
  public void awaitUrl(URI url, Predicate<String> condition, Duration limit) {
    var request = HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(2)).build();
    try (var client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
      var _ =
          await(
              "to answer at " + url,
              () -> Optional.of(url).filter(_ -> answers(client, request, condition)),
              limit);
    }
  }

  private static boolean answers(
      HttpClient client, HttpRequest request, Predicate<String> condition) {
    try {
      var response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200 && condition.test(response.body());
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void check(boolean alive, String what, long deadline) {
    if (!alive) {
      throw new IllegalStateException(
          name
              + " ended with code "
              + process.exitValue()
              + " while it was expected "
              + what
              + tail());
    }
    if (System.nanoTime() > deadline) {
      throw new IllegalStateException(name + " took too long " + what + tail());
    }
  }

  /** What it printed last may still be on its way through the pipe. */
  private void awaitReader() {
    try {
      var _ = reader.join(READER_LIMIT);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String tail() {
    return ":\n" + String.join("\n", output.lines());
  }

  /** SIGKILL, and waits until it is gone. */
  public void kill() {
    var _ = process.toHandle().destroyForcibly();
    if (!ended(GRACE)) {
      throw new IllegalStateException(name + " survived SIGKILL");
    }
  }

  /** SIGSTOP: the process keeps its connections and answers nothing. */
  public void freeze() {
    signal("STOP");
  }

  /** SIGCONT after {@link #freeze}. */
  public void thaw() {
    signal("CONT");
  }

  /** SIGTERM; true if it ended within this time. */
  public boolean terminate(Duration limit) {
    // Not by the process itself, which would close its output: what it says last is worth hearing.
    var _ = process.toHandle().destroy();
    return ended(limit);
  }

  /** The exit code, once it has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // The JVM is ending: the hook is running or has run.
    }
  }

  /** SIGTERM first: a server has children of its own to end. */
  private void end() {
    if (process.isAlive() && !terminate(GRACE)) {
      kill();
    }
  }

  private boolean ended(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return false;
    }
  }

  private void signal(String signal) {
    try {
      var kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start();
      if (!kill.waitFor(5, TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new IllegalStateException("could not send SIG" + signal + " to " + name);
      }
    } catch (IOException e) {
      throw new IllegalStateException("could not send SIG" + signal + " to " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
