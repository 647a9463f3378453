package io.starling.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.Await;
import io.starling.testing.client.Credentials;
import io.starling.testing.fuzz.FuzzRun;
import io.starling.testing.fuzz.LogFindings;
import io.starling.testing.process.JavaHeap;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code scripts/fuzz}. To replay: {@code -Dfuzz.seed} with the printed seed. */
class FuzzIT {
  private static final long PACKETS = 6_000;
  private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime());

  @TempDir Path folder;

  @Test
  void neitherRightNorDamagedPacketsInAnyOrderHangLeakOrBreakAnything() {
    System.out.println("seed " + SEED);
    var vertx = Vertx.vertx();
    try (var server = new Server(folder.resolve("data")).forFuzzing().start()) {
      var clients = FuzzRun.clients(vertx, server.demo());
      var report = run(vertx, server, clients, PACKETS, SEED);
      assertThat(report.failures()).as("seed %d", SEED).isEmpty();
      assertThat(report.ended()).isBetween(1L, report.conversations() - 1);
      // What has leaked is told by the collector, and written when the next buffers are made.
      var _ = JavaHeap.usedAfterCollection(server.process().pid());
      assertThat(run(vertx, server, clients, PACKETS / 10, SEED + 1).failures()).isEmpty();
      assertThat(LogFindings.in(server.process().output())).as("seed %d", SEED).isEmpty();
    } finally {
      Waiting.get(vertx.close());
    }
  }

  private static FuzzRun.Report run(
      Vertx vertx, Server server, List<Credentials> clients, long packets, long seed) {
    var run = new FuzzRun(server.target(), clients, packets, seed);
    return Await.get(run.run(vertx, 20), Duration.ofMinutes(3));
  }
}
