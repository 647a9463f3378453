package io.starling.journal;

import static io.starling.journal.Opened.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.journal.JournalException.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas in one process, over real sockets. */
final class JournalReplicasIT {
  private static final String LOG = "shard-0";

  @TempDir Path root;
  private Cluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new Cluster(root, 3, LOG);
    cluster.settings(JournalReplicasIT::slowly);
    cluster.open(3, 0, 1, 2);
  }

  private static JournalConfig.Builder slowly(JournalConfig.Builder builder) {
    return builder.election(Duration.ofSeconds(3), Duration.ofSeconds(5)); // builders are slow
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private JournalLog log(int node) {
    return cluster.journal(node).log(LOG);
  }

  private int leader() {
    return cluster.leader(LOG);
  }

  private int follower() {
    return cluster.follower(LOG);
  }

  private void close(int node) {
    cluster.close(node);
  }

  private List<String> append(int from, int to) {
    JournalLog log = log(leader());
    List<String> payloads = IntStream.range(from, to).mapToObj(i -> "event " + i).toList();
    done(Future.all(payloads.stream().map(payload -> log.append(Buffer.buffer(payload))).toList()));
    return payloads;
  }

  private void holds(int node, List<String> payloads) {
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(cluster.opened(node).read(LOG, log(node).start())).isEqualTo(payloads));
  }

  private static Kind refusal(Future<?> future) {
    await().atMost(Opened.PATIENCE).until(future::isComplete);
    return ((JournalException) future.cause()).kind();
  }

  @Test
  void everyReplicaHoldsWhatTheLeaderAcknowledged() {
    List<String> payloads = append(0, 500);
    done(log(leader()).commitCursor("drain", new Position(1, 0)));
    for (int i = 0; i < 3; i++) {
      holds(i, payloads);
      JournalLog log = log(i);
      await()
          .atMost(Opened.PATIENCE)
          .untilAsserted(() -> assertThat(log.cursors()).containsKey("drain"));
    }
  }

  @Test
  void aFollowerNamesTheLeader() {
    int leader = leader();
    Future<Position> refused = log(follower()).append(Buffer.buffer("no"));
    assertThat(refusal(refused)).isEqualTo(Kind.NOT_LEADER);
    assertThat(((JournalException) refused.cause()).leader())
        .isEqualTo(cluster.journal(leader).diskId());
  }

  @Test
  void anotherLeadsInALaterTermAndNothingAcknowledgedIsLost() {
    List<String> payloads = new ArrayList<>(append(0, 200));
    int first = leader();
    long term = ((Leadership.Leading) log(first).leadership()).term();
    close(first);
    payloads.addAll(append(200, 300));
    assertThat(((Leadership.Leading) log(leader()).leadership()).term()).isGreaterThan(term);
    cluster.open(3, first);
    for (int i = 0; i < 3; i++) {
      holds(i, payloads);
    }
  }

  @Test
  void aReplicaThatWasAwayForLongGetsASnapshotAndTheRest() {
    cluster.close();
    cluster.settings(builder -> slowly(builder).retention(Duration.ZERO));
    cluster.open(3, 0, 1, 2);
    int away = follower();
    close(away);
    JournalLog log = log(leader());
    Position last = Position.START;
    for (int i = 0; i < 12; i++) {
      last = Opened.get(log.append(Buffer.buffer(new byte[700_000])));
    }
    done(log.commitCursor("drain", last));
    done(cluster.journal(leader()).turn());
    Position held = last;
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(() -> assertThat(log.start()).isGreaterThan(new Position(4, 0)));
    cluster.open(3, away);
    JournalLog returned = log(away);
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(returned.cursors()).containsEntry("drain", held);
              assertThat(returned.committedEnd()).isEqualTo(log.committedEnd());
            });
    assertThat(Opened.get(returned.read(held, 1)).records()).hasSize(1);
  }

  @Test
  void foundsItsLogsOnlyWithAllReplicas() throws IOException {
    cluster.close();
    cluster = new Cluster(Files.createDirectory(root.resolve("fresh")), 3, LOG);
    cluster.settings(builder -> slowly(builder).foundingPatience(Duration.ofMillis(500)));
    assertThat(cluster.refusal(3, 0))
        .contains("the first start needs every replica", cluster.address(1).toString());
    cluster.settings(JournalReplicasIT::slowly);
    cluster.open(3, 0, 1, 2);
    holds(follower(), append(0, 10));
  }

  @Test
  void acknowledgesNothingWithoutAMajority() {
    int leader = leader();
    JournalLog log = log(leader);
    for (int i = 0; i < 3; i++) {
      if (i != leader) {
        close(i);
      }
    }
    assertThat(refusal(log.append(Buffer.buffer("alone")))).isIn(Kind.UNKNOWN, Kind.NOT_LEADER);
  }
}
