package io.starling.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a process of ours that was killed left running on a cluster. Only processes that are a
 * PostgreSQL and work in that very folder are touched, whatever a stale file says.
 */
final class Leftovers {
  private Leftovers() {}

  /** Stops them, orderly if it can be, and clears the way for the next server. */
  static void stop(Cluster cluster) {
    PostmasterFile file = PostmasterFile.of(cluster);
    Optional<Long> pid = file.pid();
    for (ProcessHandle process : processes(cluster.data())) {
      if (pid.isPresent() && pid.get() == process.pid()) {
        new Server(cluster, process).stop(Server.STOP_LIMIT);
      }
    }
    for (ProcessHandle process : processes(cluster.data())) {
      Signal.KILL.send(process);
      Server.expectEnd(process);
    }
    // Nobody works here any more. PostgreSQL would refuse to start if the number went to another
    // process, or if the file was torn by a power loss; otherwise it tidies up after itself.
    if (pid.isEmpty() || ProcessHandle.of(pid.get()).isPresent()) {
      file.delete();
    }
  }

  private static List<ProcessHandle> processes(Path data) {
    return ProcessHandle.allProcesses()
        .filter(process -> data.equals(link(process, "cwd")))
        .filter(process -> isPostgres(link(process, "exe")))
        .toList();
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
