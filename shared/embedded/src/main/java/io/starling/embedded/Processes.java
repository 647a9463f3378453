package io.starling.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The processes of the PostgreSQL that works in a folder, whoever started it. Only such processes
 * are ever found, whatever a stale file says.
 */
record Processes(Cluster cluster) {

  /** The server and all its children, also those that outlived it. */
  List<ProcessHandle> all() {
    return ProcessHandle.allProcesses().filter(this::worksHere).toList();
  }

  /** The server that accepts connections, or will. */
  Optional<ProcessHandle> postmaster() {
    return PostmasterFile.of(cluster)
        .pid()
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive)
        .filter(this::worksHere);
  }

  /** Ends all of them at once, also frozen ones. */
  void kill() {
    // The server first, so that it starts no child between being listed and being killed.
    postmaster().ifPresent(Signal.KILL::send);
    for (ProcessHandle process : all()) {
      Signal.KILL.send(process);
      Server.expectEnd(process);
    }
  }

  /** Keeps all of them from running. */
  void freeze() {
    postmaster().ifPresent(Signal.STOP::send);
    all().forEach(Signal.STOP::send);
  }

  void thaw() {
    all().forEach(Signal.CONTINUE::send);
  }

  private boolean worksHere(ProcessHandle process) {
    return cluster.data().equals(link(process, "cwd")) && isPostgres(link(process, "exe"));
  }

  private static boolean isPostgres(@Nullable Path program) {
    return program != null && program.getFileName().toString().startsWith("postgres");
  }

  private static @Nullable Path link(ProcessHandle process, String name) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), name));
    } catch (IOException e) {
      return null; // ended meanwhile, or somebody else's
    }
  }
}
