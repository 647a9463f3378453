package io.starling.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A running postmaster and its children, known by process id and the folder that they work in. */
final class Server {
  static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private final Cluster cluster;
  private final ProcessHandle postmaster;

  Server(Cluster cluster, ProcessHandle postmaster) {
    this.cluster = cluster;
    this.postmaster = postmaster;
  }

  /**
   * Starts the server and returns when it accepts connections (a standby: read-only ones).
   *
   * @throws EmbeddedDatabaseException with the end of its log
   */
  static Server start(Cluster cluster, List<String> command, Duration limit) {
    long logStart = logSize(cluster);
    Server server = new Server(cluster, launch(cluster, command).toHandle());
    server.awaitReady(limit, logStart);
    return server;
  }

  /** Starts the server and returns at once; its output goes to its log. */
  static Process launch(Cluster cluster, List<String> command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(Shell.ENVIRONMENT);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(cluster.log().toFile()));
      Process process = builder.start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot start " + String.join(" ", command), e);
    }
  }

  private static long logSize(Cluster cluster) {
    try {
      return Files.exists(cluster.log()) ? Files.size(cluster.log()) : 0;
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot read " + cluster.log(), e);
    }
  }

  boolean isAlive() {
    return postmaster.isAlive();
  }

  /** Ends it orderly: open transactions are rolled back, clients are disconnected. */
  void stop(Duration limit) {
    all().forEach(Signal.CONTINUE::send);
    Signal.INTERRUPT.send(postmaster);
    if (!awaitEnd(postmaster, limit)) {
      kill();
    }
  }

  /** Ends every process of it at once, as a power loss would. */
  void kill() {
    List<ProcessHandle> processes = all();
    processes.forEach(Signal.KILL::send);
    processes.forEach(Server::expectEnd);
  }

  /** Keeps every process of it from running: connections stay open and nothing answers. */
  void freeze() {
    // The postmaster comes first, so that it starts no child between being asked and being frozen.
    Signal.STOP.send(postmaster);
    all().forEach(Signal.STOP::send);
  }

  void thaw() {
    all().forEach(Signal.CONTINUE::send);
  }

  private List<ProcessHandle> all() {
    return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
  }

  private void awaitReady(Duration limit, long logStart) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!PostmasterFile.of(cluster).isReady(postmaster.pid())) {
      boolean late = System.nanoTime() > deadline;
      if (late || !postmaster.isAlive()) {
        kill();
        String what = late ? " did not start within " + limit : " did not start";
        throw new EmbeddedDatabaseException(
            "PostgreSQL in " + cluster.folder() + what + ": " + logFrom(logStart));
      }
      pause();
    }
  }

  private String logFrom(long start) {
    try (var log = Files.newInputStream(cluster.log())) {
      log.skipNBytes(start);
      return new String(log.readNBytes(8192), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "see " + cluster.log();
    }
  }

  static void expectEnd(ProcessHandle process) {
    if (!awaitEnd(process, STOP_LIMIT)) {
      throw new EmbeddedDatabaseException("process " + process.pid() + " survives SIGKILL");
    }
  }

  private static boolean awaitEnd(ProcessHandle process, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (process.isAlive() && !isZombie(process)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  /** It has ended and given back all it had; only its parent, or init, has not asked yet. */
  private static boolean isZombie(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return stat.startsWith(") Z", stat.lastIndexOf(')'));
    } catch (IOException e) {
      return false; // gone meanwhile
    }
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException("interrupted", e);
    }
  }
}
