package io.starling.journal;

import static io.starling.journal.Opened.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.journal.JournalException.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas in one process, over real sockets. */
final class JournalReplicasIT {
  private static final String LOG = "shard-0";

  @TempDir Path root;
  private final Map<Integer, Opened> replicas = new HashMap<>();
  private List<JournalPeer> peers = List.of();
  private Duration retention = Duration.ofHours(3);

  @BeforeEach
  void start() throws IOException {
    name();
    open(0, 1, 2);
  }

  private void name() throws IOException {
    peers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (ServerSocket free = new ServerSocket(0)) {
        String diskId = Journal.diskId(Files.createDirectories(root.resolve("disk" + i)));
        peers.add(new JournalPeer(diskId, "127.0.0.1", free.getLocalPort()));
      }
    }
  }

  private record Opening(int number, Vertx vertx, Future<Journal> journal) {}

  /** At the same time, because none opens fast without another. */
  private void open(int... numbers) {
    List<Opening> openings = IntStream.of(numbers).mapToObj(this::opening).toList();
    for (Opening opening : openings) {
      Journal journal = Opened.get(opening.journal);
      replicas.put(opening.number, new Opened(opening.vertx, journal, new SimpleMeterRegistry()));
    }
  }

  private Opening opening(int number) {
    JournalConfig config =
        Opened.config(root.resolve("disk" + number), LOG)
            .peers(peers)
            .election(Duration.ofSeconds(3), Duration.ofSeconds(5)) // builders are slow
            .appendDeadline(Duration.ofSeconds(30))
            .retention(retention)
            .build();
    Vertx vertx = Vertx.vertx();
    return new Opening(number, vertx, Journal.open(vertx, config, new SimpleMeterRegistry()));
  }

  private void close(int number) {
    replica(number).close();
    assertThat(replicas.remove(number)).isNotNull();
  }

  private Opened replica(int number) {
    return Objects.requireNonNull(replicas.get(number), "closed");
  }

  private JournalLog log(int number) {
    return replica(number).log(LOG);
  }

  @AfterEach
  void stop() {
    replicas.values().forEach(Opened::close);
  }

  private boolean leads(int i) {
    return log(i).leadership() instanceof Leadership.Leading;
  }

  private int leader() {
    await()
        .atMost(Opened.PATIENCE)
        .until(() -> replicas.keySet().stream().filter(this::leads).count() == 1);
    return replicas.keySet().stream().filter(this::leads).findFirst().orElseThrow();
  }

  private int follower() {
    int leader = leader();
    return replicas.keySet().stream().filter(i -> i != leader).findFirst().orElseThrow();
  }

  private List<String> append(int from, int to) {
    JournalLog log = log(leader());
    List<String> payloads = IntStream.range(from, to).mapToObj(i -> "event " + i).toList();
    done(Future.all(payloads.stream().map(payload -> log.append(Buffer.buffer(payload))).toList()));
    return payloads;
  }

  private void holds(int i, List<String> payloads) {
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(() -> assertThat(replica(i).read(LOG, log(i).start())).isEqualTo(payloads));
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
    assertThat(((JournalException) refused.cause()).leader()).isEqualTo(peers.get(leader).diskId());
  }

  @Test
  void anotherLeadsInALaterTermAndNothingAcknowledgedIsLost() {
    List<String> payloads = new ArrayList<>(append(0, 200));
    int first = leader();
    long term = ((Leadership.Leading) log(first).leadership()).term();
    close(first);
    payloads.addAll(append(200, 300));
    assertThat(((Leadership.Leading) log(leader()).leadership()).term()).isGreaterThan(term);
    open(first);
    for (int i = 0; i < 3; i++) {
      holds(i, payloads);
    }
  }

  @Test
  void aReplicaThatWasAwayForLongGetsASnapshotAndTheRest() {
    for (int i = 0; i < 3; i++) {
      close(i);
    }
    retention = Duration.ZERO;
    open(0, 1, 2);
    int away = follower();
    close(away);
    JournalLog log = log(leader());
    Position last = Position.START;
    for (int i = 0; i < 12; i++) {
      last = Opened.get(log.append(Buffer.buffer(new byte[700_000])));
    }
    done(log.commitCursor("drain", last));
    done(replica(leader()).journal().turn());
    Position held = last;
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(() -> assertThat(log.start()).isGreaterThan(new Position(4, 0)));
    open(away);
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
  void startsAgainAfterAFirstStartThatFoundNoMajority() throws IOException {
    for (int i = 0; i < 3; i++) {
      close(i);
    }
    root = Files.createDirectory(root.resolve("fresh"));
    name();
    open(0);
    assertThat(log(0).leadership()).isInstanceOf(Leadership.Following.class);
    close(0);
    open(0, 1, 2);
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
