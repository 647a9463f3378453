package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.starling.journal.Writers.Written;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The power of three replicas goes: of each is left what had reached its disk. */
final class PowerLossIT {
  private static final Logger LOG = LoggerFactory.getLogger(PowerLossIT.class);
  private static final int NODES = 3;
  private static final int LOSSES = 3;
  private static final int LEAST_ACKS = 50;
  private static final int MORE_ACKS = 300;
  private static final int MOST_MILLIS_BETWEEN = 150;
  private static final List<String> LOGS = List.of("shard-0", "shard-1");

  @TempDir Path root;
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private LoopDisks disks;
  private Cluster cluster;

  /** What must be left, by log. */
  private final Map<String, Set<Long>> owed = new HashMap<>();

  private final AtomicLong numbers = new AtomicLong();

  @BeforeEach
  void start() throws IOException {
    Optional<String> refusal = LoopDisks.refusal(root);
    assumeTrue(refusal.isEmpty(), () -> "no disks here whose power can be lost: " + refusal.get());
    LOG.info("again: -Dseed={}", seed);
    disks = LoopDisks.of(root, NODES);
    cluster = new Cluster(disks::folder, NODES, LOGS.toArray(String[]::new));
    cluster.settings(each -> each.election(Duration.ofMillis(500), Duration.ofSeconds(1)));
    cluster.open(NODES, 0, 1, 2);
  }

  @AfterEach
  void stop() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
    if (disks != null) {
      disks.close();
    }
  }

  @Test
  void losesNothingAcknowledged() throws Exception {
    for (int loss = 1; loss <= LOSSES; loss++) {
      losePower();
      cluster.open(NODES, 0, 1, 2);
      for (String log : LOGS) {
        List<Written> left = left(log);
        assertThat(missing(log, left)).as("missing; -Dseed=%d, loss %d", seed, loss).isEmpty();
        assertThat(left).as("-Dseed=%d, loss %d", seed, loss).doesNotHaveDuplicates();
        assertThat(disordered(left)).as("disorder; -Dseed=%d, loss %d", seed, loss).isEmpty();
        everyReplicaHolds(log, left);
      }
    }
  }

  @Test
  void disksThatOnlyPretendToSyncAreFoundOut() throws Exception {
    cluster.close();
    for (int node = 0; node < NODES; node++) {
      disks.deceive(node);
    }
    cluster.open(NODES, 0, 1, 2);
    losePower();
    assertThat(isFoundOut()).as("found out; -Dseed=%d", seed).isTrue();
  }

  /**
   * The files that are left may also contradict each other so much that a replica does not open.
   */
  private boolean isFoundOut() {
    try {
      cluster.open(NODES, 0, 1, 2);
      return LOGS.stream().anyMatch(log -> !missing(log, left(log)).isEmpty());
    } catch (JournalException e) {
      LOG.info("a replica refuses its disk: {}", e.getMessage());
      return e.kind() == JournalException.Kind.UNUSABLE;
    }
  }

  /** At some moment of a load; at a moment of its own for each node. */
  private void losePower() throws IOException {
    int acks = LEAST_ACKS + random.nextInt(MORE_ACKS);
    try (Writers writers = new Writers(cluster, LOGS, numbers, random.nextLong())) {
      writers.start();
      await().atMost(Opened.PATIENCE).until(() -> writers.count() >= acks);
      writers.acked().forEach((log, acked) -> owed(log).addAll(acked));
      List<Integer> order = new ArrayList<>(IntStream.range(0, NODES).boxed().toList());
      Collections.shuffle(order, random);
      for (int node : order) {
        disks.losePower(node);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(MOST_MILLIS_BETWEEN)));
      }
      LOG.info("power lost after {} acknowledgements, nodes in order {}", acks, order);
    }
    cluster.close();
    disks.comeBack();
  }

  /** All that a log holds: who leads is told only once everything from before is applied. */
  private List<Written> left(String log) {
    Opened leader = cluster.opened(cluster.leader(log));
    return leader.read(log, leader.log(log).start()).stream().map(Written::of).toList();
  }

  private Set<Long> owed(String log) {
    return owed.computeIfAbsent(log, _ -> new TreeSet<>());
  }

  private Set<Long> missing(String log, List<Written> left) {
    Set<Long> missing = new TreeSet<>(owed(log));
    left.forEach(written -> missing.remove(written.number()));
    LOG.info("{}: {} of {} acknowledged are missing", log, missing.size(), owed(log).size());
    return missing;
  }

  private static List<Written> disordered(List<Written> left) {
    Map<Integer, Long> last = new HashMap<>();
    List<Written> disordered = new ArrayList<>();
    for (Written written : left) {
      Long before = last.put(written.writer(), written.number());
      if (before != null && before > written.number()) {
        disordered.add(written);
      }
    }
    return disordered;
  }

  private void everyReplicaHolds(String log, List<Written> left) {
    for (int node = 0; node < NODES; node++) {
      Opened opened = cluster.opened(node);
      await()
          .atMost(Opened.PATIENCE)
          .until(
              () ->
                  opened.read(log, opened.log(log).start()).stream()
                      .map(Written::of)
                      .toList()
                      .equals(left));
    }
  }
}
