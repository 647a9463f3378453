package io.starling.embedded;

import java.util.Optional;

/** What a process of ours that was killed left running on a cluster. */
final class Leftovers {
  private Leftovers() {}

  /** Stops them, orderly if it can be, and clears the way for the next server. */
  static void stop(Cluster cluster) {
    PostmasterFile file = PostmasterFile.of(cluster);
    Optional<Long> pid = file.pid();
    Processes processes = new Processes(cluster);
    processes
        .postmaster()
        .ifPresent(process -> new Server(cluster, process).stop(Server.STOP_LIMIT));
    processes.kill();
    // Nobody works here any more. PostgreSQL would refuse to start if the number went to another
    // process, or if the file was torn by a power loss; otherwise it tidies up after itself.
    if (pid.isEmpty() || ProcessHandle.of(pid.get()).isPresent()) {
      file.delete();
    }
  }
}
