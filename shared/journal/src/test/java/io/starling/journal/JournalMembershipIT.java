package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.journal.membership.HandOver;
import io.starling.journal.membership.LogMembers;
import io.starling.journal.membership.Membership;
import io.starling.journal.membership.Plan;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replicas that come, go, and lead. */
final class JournalMembershipIT {
  private static final Logger LOG = LoggerFactory.getLogger(JournalMembershipIT.class);
  private static final List<String> LOGS = List.of("shard-0", "shard-1", "shard-2");

  @TempDir Path root;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new Cluster(root, 5, LOGS.toArray(String[]::new));
    cluster.open(3, 0, 1, 2);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private List<List<String>> append(int from, int to) {
    return LOGS.stream().map(log -> cluster.append(log, from, to)).toList();
  }

  private void holds(int node, List<List<String>> payloads) {
    for (int i = 0; i < LOGS.size(); i++) {
      cluster.holds(node, LOGS.get(i), payloads.get(i));
    }
  }

  private Membership membership(int node) {
    return cluster.journal(node).membership();
  }

  /** Carries a plan out. */
  private void execute(int node, Plan plan) {
    assertThat(plan.refusals()).isEmpty();
    List<Membership.Progress> told = new ArrayList<>();
    long begun = System.nanoTime();
    Opened.done(membership(node).execute(plan, Opened.PATIENCE, told::add));
    LOG.info("{}\ntook {} ms", plan, Duration.ofNanos(System.nanoTime() - begun).toMillis());
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(() -> assertThat(told).hasSameSizeAs(plan.steps()));
  }

  /** Plans again until a leader is there: after a node has gone that may take an election. */
  private static Plan plan(Supplier<Future<Plan>> planning) {
    return await()
        .atMost(Opened.PATIENCE)
        .until(() -> Opened.get(planning.get()), plan -> plan.refusals().isEmpty());
  }

  private List<LogMembers> members(int node) {
    return Opened.get(membership(node).members());
  }

  private void healthy(int node, int replicas) {
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(members(node))
                    .allMatch(LogMembers::healthy)
                    .allMatch(log -> log.members().size() == replicas)
                    .allMatch(log -> log.standings().stream().allMatch(each -> each.lag() == 0)));
  }

  @Test
  void spreadsTheLeadersOverTheNodes() {
    healthy(0, 3);
    await()
        .atMost(Opened.PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              IntStream.range(0, 3).forEach(node -> Opened.done(cluster.journal(node).turn()));
              assertThat(IntStream.range(0, 3).mapToLong(cluster::led)).containsOnly(1L);
            });
  }

  @Test
  void handsOverAllThatItLeadsWhileEventsArriveAndLosesNone() throws InterruptedException {
    List<List<String>> first = append(0, 1);
    healthy(0, 3);
    int drained = cluster.leader("shard-0");
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<List<String>> appended = new CompletableFuture<>();
    Thread appending = // not on the common pool: Ratis answers from there
        Thread.ofVirtual().start(() -> appended.complete(appendUntil(stop)));
    try {
      HandOver handed = Opened.get(cluster.journal(drained).handOver(Duration.ofSeconds(20)));
      LOG.info("handed over: {}", handed);
      assertThat(handed.kept()).isEmpty();
      assertThat(handed.moved()).extracting(HandOver.Moved::log).contains("shard-0");
      await().atMost(Opened.PATIENCE).until(() -> cluster.leader("shard-0") != drained);
    } finally {
      stop.set(true);
      appending.join();
    }
    List<String> all = new ArrayList<>(first.getFirst());
    all.addAll(appended.join());
    for (int node = 0; node < 3; node++) {
      cluster.holds(node, "shard-0", all);
    }
  }

  private List<String> appendUntil(AtomicBoolean stop) {
    List<String> acknowledged = new ArrayList<>();
    for (int i = 1; !stop.get(); i += 20) {
      acknowledged.addAll(cluster.append("shard-0", i, i + 20));
    }
    return acknowledged;
  }

  @Test
  void replacesANodeWhoseDiskIsGone() throws IOException {
    List<List<String>> payloads = append(0, 50);
    String dead = cluster.journal(1).diskId();
    cluster.close(1);
    cluster.wipe(1);
    assertThat(Opened.get(membership(0).planReplace(dead, cluster.address(1))).refusals())
        .anyMatch(why -> why.contains("no journal answers at " + cluster.address(1)));
    cluster.open(3, 1);
    assertThat(cluster.led(1)).isZero();
    assertThat(Files.readString(cluster.folder(1).resolve("charter"))).doesNotContain("founder");
    // The others have not been told: they try to reach the dead disk where the new one is now.
    await().atMost(Opened.PATIENCE).until(() -> cluster.journal(1).misaddressed() > 3);
    Plan plan = plan(() -> membership(1).planReplace(dead, cluster.address(1)));
    execute(0, plan);
    assertThat(plan.toString())
        .contains("shard-0: take out [", "3 -> 2 replicas", "2 -> 3 replicas");
    assertThat(Opened.get(membership(0).planReplace(dead, cluster.address(1))).toString())
        .contains("nothing to do");
    holds(1, payloads);
    healthy(1, 3);
    cluster.close(1); // it is a full member now: comes back by itself
    cluster.open(3, 1);
    healthy(1, 3);
  }

  @Test
  void aWipedDiskDoesNotFoundTheLogsAgain() throws IOException {
    List<List<String>> payloads = append(0, 10);
    cluster.close();
    cluster.wipe(0);
    cluster.settings(builder -> builder.foundingPatience(Duration.ofMillis(500)));
    assertThat(cluster.refusal(3, 0)).contains("the first start needs every replica");
    assertThat(cluster.folder(0).resolve("charter")).doesNotExist();
    cluster.settings(builder -> builder);
    cluster.open(3, 0, 1, 2);
    holds(1, payloads);
    assertThat(cluster.led(0)).isZero();
  }

  @Test
  void growsFromThreeToFiveAndBack() throws IOException {
    List<List<String>> payloads = append(0, 50);
    cluster.open(5, 3, 4);
    Plan grow = plan(() -> membership(0).planGrow(List.of(cluster.address(3), cluster.address(4))));
    execute(0, grow);
    holds(3, payloads);
    holds(4, payloads);
    healthy(4, 5);
    String away = cluster.journal(0).diskId();
    String present = cluster.journal(1).diskId();
    cluster.close(0);
    execute(3, plan(() -> membership(3).planShrink(List.of(away, present))));
    healthy(3, 3);
    assertThat(cluster.fatal(1)).hasMessageContaining("was taken out of all its logs");
    assertThat(cluster.refusal(5, 0)).contains(away + ", was taken out of all its logs");
    List<List<String>> more = append(50, 60);
    for (int node = 2; node < 5; node++) {
      for (int log = 0; log < LOGS.size(); log++) {
        cluster.holds(
            node,
            LOGS.get(log),
            Stream.concat(payloads.get(log).stream(), more.get(log).stream()).toList());
      }
    }
  }

  @Test
  void fillsADamagedReplicaAgainFromTheOthers() throws IOException {
    List<List<String>> payloads = append(0, 50);
    String damaged = cluster.journal(2).diskId();
    cluster.close(2);
    Path file = damage(cluster.folder(2));
    assertThat(cluster.refusal(3, 2))
        .contains(file.toString(), "is damaged", "set this folder aside");
    Path aside = Journal.setAside(cluster.folder(2));
    assertThat(aside.resolve("disk-id")).hasContent(damaged);
    cluster.open(3, 2);
    execute(0, plan(() -> membership(0).planReplace(damaged, cluster.address(2))));
    holds(2, payloads);
    assertThat(cluster.journal(2).diskId()).isNotEqualTo(damaged);
  }

  /** Breaks an entry that whole ones follow. */
  private static Path damage(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("raft"))) {
      Path file =
          files
              .filter(each -> each.getFileName().toString().startsWith("log_"))
              .sorted()
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      bytes[12] ^= 1; // in the first entry
      Files.write(file, bytes);
      return file;
    }
  }
}
