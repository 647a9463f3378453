package io.starling.testing.bench;

import io.starling.testing.Await;
import io.starling.testing.client.Credentials;
import io.starling.testing.client.Target;
import io.starling.testing.load.LoadGenerator;
import io.starling.testing.load.LoadPlan;
import io.starling.testing.process.ProcessCost;
import io.starling.testing.server.ServerUnderTest;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Connections that do nothing: what each keeps of the server's memory, after forced collections
 * before and after, and what connecting costs.
 */
record IdleRun(
    int connections,
    double heapKilobytes,
    double residentKilobytes,
    double connectsPerSecond,
    double connectMillis) {
  private static final int SOURCES = 8;
  private static final int RESERVED_FILES = 1_000;
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** How many connections the limit of open files allows, of those wanted. */
  static int allowed(int wanted) {
    return (int) Math.min(wanted, hardFileLimit() - RESERVED_FILES);
  }

  static IdleRun run(Vertx vertx, ServerUnderTest server, List<Credentials> credentials) {
    return run(vertx, server, server.target(), credentials);
  }

  /** By one of the server's ports. Of a server that is no JVM the heap is not told. */
  static IdleRun run(
      Vertx vertx, ServerUnderTest server, Target target, List<Credentials> credentials) {
    var pid = server.pid();
    var heapBefore = server.heapAfterCollection();
    var before = ProcessCost.of(pid);
    var sources = IntStream.rangeClosed(1, SOURCES).mapToObj(i -> "127.0.0." + i).toList();
    var plan = LoadPlan.of(target).withSources(sources);
    var load = Await.get(LoadGenerator.connect(vertx, plan, credentials), LIMIT);
    try {
      var connected = ProcessCost.of(pid);
      var heapAfter = server.heapAfterCollection();
      var after = ProcessCost.of(pid);
      var count = credentials.size();
      if (load.count().lost() > 0) {
        throw new IllegalStateException(
            "the server lost " + load.count().lost() + " idle connections");
      }
      return new IdleRun(
          count,
          (heapAfter - heapBefore) / 1024.0 / count,
          (after.residentBytes() - before.residentBytes()) / 1024.0 / count,
          count * 1e9 / (connected.nanos() - before.nanos()),
          connected.cpuSince(before).toNanos() / 1e6 / count);
    } finally {
      Await.done(load.close(), LIMIT);
    }
  }

  private static long hardFileLimit() {
    try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
      return lines
          .filter(line -> line.startsWith("Max open files"))
          .map(line -> line.split("\\s{2,}", -1)[2])
          .mapToLong(limit -> limit.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(limit))
          .findFirst()
          .orElse(1_024);
    } catch (IOException e) {
      throw new IllegalStateException("could not read the limit of open files", e);
    }
  }
}
