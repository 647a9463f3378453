package io.starling.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running postmaster and its children, known by process id and the folder that they work in. */
final class Server {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final int READY_LINE = 7;

  private final Cluster cluster;
  private final ProcessHandle postmaster;

  private Server(Cluster cluster, ProcessHandle postmaster) {
    this.cluster = cluster;
    this.postmaster = postmaster;
  }

  /**
   * Starts the server and returns when it accepts connections (a standby: read-only ones).
   *
   * @throws EmbeddedDatabaseException with the end of its log
   */
  static Server start(Cluster cluster, List<String> command, Duration limit) {
    Path log = cluster.log();
    try {
      long logStart = Files.exists(log) ? Files.size(log) : 0;
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(Shell.ENVIRONMENT);
      builder.redirectErrorStream(true);
      builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      Process process = builder.start();
      process.getOutputStream().close();
      Server server = new Server(cluster, process.toHandle());
      server.awaitReady(limit, logStart);
      return server;
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("cannot start " + String.join(" ", command), e);
    }
  }

  /**
   * Stops what an earlier process of ours left running on this cluster. Only processes that are a
   * PostgreSQL and work in this very folder are touched, whatever a stale postmaster.pid says.
   */
  static void stopLeftovers(Cluster cluster) {
    List<ProcessHandle> left = processes(cluster.data());
    Optional<Long> pid = postmasterPid(cluster.data());
    left.stream()
        .filter(process -> pid.filter(p -> p == process.pid()).isPresent())
        .findAny()
        .ifPresent(process -> new Server(cluster, process).stop());
    for (ProcessHandle process : processes(cluster.data())) {
      Signal.KILL.send(process);
      expectEnd(process);
    }
    // The number may have gone to another process, at which PostgreSQL would refuse to start.
    if (pid.flatMap(ProcessHandle::of).isPresent()) {
      try {
        Files.deleteIfExists(cluster.data().resolve("postmaster.pid"));
      } catch (IOException e) {
        throw new EmbeddedDatabaseException("cannot clean " + cluster.data(), e);
      }
    }
  }

  boolean isAlive() {
    return postmaster.isAlive();
  }

  /** Ends it orderly: open transactions are rolled back, clients are disconnected. */
  void stop() {
    all().forEach(Signal.CONTINUE::send);
    Signal.INTERRUPT.send(postmaster);
    if (!awaitEnd(postmaster, STOP_LIMIT)) {
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
    while (!isReady()) {
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

  private boolean isReady() {
    List<String> lines = postmasterFile(cluster.data());
    return lines.size() > READY_LINE
        && lines.getFirst().equals(Long.toString(postmaster.pid()))
        && lines.get(READY_LINE).strip().equals("ready");
  }

  private String logFrom(long start) {
    try (var log = Files.newInputStream(cluster.log())) {
      log.skipNBytes(start);
      return new String(log.readNBytes(8192), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return "see " + cluster.log();
    }
  }

  private static List<ProcessHandle> processes(Path data) {
    List<ProcessHandle> found = new ArrayList<>();
    ProcessHandle.allProcesses()
        .filter(process -> data.equals(link(process, "cwd")))
        .filter(process -> isPostgres(link(process, "exe")))
        .forEach(found::add);
    return found;
  }

  private static boolean isPostgres(@Nullable Path program) {
    return program != null && program.getFileName().toString().startsWith("postgres");
  }

  private static @Nullable Path link(ProcessHandle process, String name) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), name));
    } catch (IOException e) {
      return null;
    }
  }

  private static Optional<Long> postmasterPid(Path data) {
    return postmasterFile(data).stream().findFirst().map(String::strip).map(Long::valueOf);
  }

  private static List<String> postmasterFile(Path data) {
    try {
      return Files.readAllLines(data.resolve("postmaster.pid"));
    } catch (IOException | UncheckedIOException e) {
      return List.of();
    }
  }

  private static void expectEnd(ProcessHandle process) {
    if (!awaitEnd(process, STOP_LIMIT)) {
      throw new EmbeddedDatabaseException("process " + process.pid() + " survives SIGKILL");
    }
  }

  private static boolean awaitEnd(ProcessHandle process, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (process.isAlive()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddedDatabaseException("interrupted", e);
    }
  }

  /** The server parameters as command-line options. */
  static List<String> options(Map<String, String> parameters) {
    List<String> options = new ArrayList<>();
    parameters.forEach((name, value) -> options.addAll(List.of("-c", name + "=" + value)));
    return options;
  }
}
