package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.journal.membership.JournalAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Several journals in one process, over real sockets. Nodes are numbered from 0. */
final class Cluster implements AutoCloseable {
  private String[] logs;
  private final List<JournalAddress> addresses = new ArrayList<>();
  private final Map<Integer, Opened> open = new ConcurrentHashMap<>();
  private final Map<Integer, Throwable> fatal = new ConcurrentHashMap<>();
  private final IntFunction<Path> folders;
  private UnaryOperator<JournalConfig.Builder> settings = builder -> builder;

  /** Knows where this many nodes would listen. */
  Cluster(Path root, int nodes, String... logs) throws IOException {
    this(node -> root.resolve("disk" + node), nodes, logs);
  }

  /** The same, with the folder of each node, asked for whenever it is opened. */
  Cluster(IntFunction<Path> folders, int nodes, String... logs) throws IOException {
    this.folders = folders;
    this.logs = logs;
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < nodes; i++) { // all at once, so that none is given twice
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.1." + (i + 1)));
      sockets.add(socket);
      addresses.add(new JournalAddress("127.0.1." + (i + 1), socket.getLocalPort()));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
  }

  /** For what is opened from now on. */
  void settings(UnaryOperator<JournalConfig.Builder> settings) {
    this.settings = settings;
  }

  /** For what is opened from now on. */
  void logs(String... names) {
    logs = names;
  }

  Path folder(int node) {
    return folders.apply(node);
  }

  JournalAddress address(int node) {
    return addresses.get(node);
  }

  private record Opening(int node, Vertx vertx, Future<Journal> journal) {}

  /** Opens nodes that know of the first so many, at the same time; what can be opened is. */
  void open(int known, int... nodes) {
    List<Opening> openings = IntStream.of(nodes).mapToObj(n -> opening(known, n)).toList();
    RuntimeException failure = null;
    for (Opening opening : openings) {
      try {
        Journal journal = Opened.get(opening.journal);
        open.put(opening.node, new Opened(opening.vertx, journal, new SimpleMeterRegistry()));
      } catch (RuntimeException e) {
        failure = e;
        Opened.done(opening.vertx.close());
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Why a node does not open. */
  String refusal(int known, int node) {
    Opening opening = opening(known, node);
    try {
      await().atMost(Opened.PATIENCE).until(opening.journal::isComplete);
      assertThat(opening.journal.failed()).as("node %d opens", node).isTrue();
      return String.valueOf(opening.journal.cause().getMessage());
    } finally {
      Opened.done(opening.vertx.close());
    }
  }

  private Opening opening(int known, int node) {
    JournalConfig.Builder builder =
        Opened.config(folder(node), logs)
            .address(address(node).host(), address(node).port())
            .replicas(addresses.subList(0, known))
            .foundingPatience(Opened.PATIENCE)
            .election(Duration.ofSeconds(1), Duration.ofSeconds(2))
            .appendDeadline(Duration.ofSeconds(30))
            .onFatal(failure -> fatal.put(node, failure));
    Vertx vertx = Vertx.vertx();
    JournalConfig config = settings.apply(builder).build();
    return new Opening(node, vertx, Journal.open(vertx, config, new SimpleMeterRegistry()));
  }

  void close(int node) {
    opened(node).close();
    assertThat(open.remove(node)).isNotNull();
  }

  /** What its journal said when it could not go on. */
  Throwable fatal(int node) {
    await().atMost(Opened.PATIENCE).until(() -> fatal.containsKey(node));
    return Objects.requireNonNull(fatal.get(node), "nothing fatal");
  }

  /** Loses the disk of a closed node. */
  void wipe(int node) throws IOException {
    try (var files = Files.walk(folder(node))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  Opened opened(int node) {
    return Objects.requireNonNull(open.get(node), "closed");
  }

  Journal journal(int node) {
    return opened(node).journal();
  }

  boolean leads(int node, String log) {
    return journal(node).log(log).leadership() instanceof Leadership.Leading;
  }

  long led(int node) {
    return List.of(logs).stream().filter(log -> leads(node, log)).count();
  }

  int leader(String log) {
    await()
        .atMost(Opened.PATIENCE)
        .until(() -> open.keySet().stream().filter(node -> leads(node, log)).count() == 1);
    return open.keySet().stream().filter(node -> leads(node, log)).findFirst().orElseThrow();
  }

  int follower(String log) {
    int leader = leader(log);
    return open.keySet().stream().filter(node -> node != leader).findFirst().orElseThrow();
  }

  /** Appends until all are acknowledged, whoever leads. */
  List<String> append(String log, int from, int to) {
    List<String> payloads = IntStream.range(from, to).mapToObj(i -> log + " event " + i).toList();
    List<String> left = payloads;
    while (!left.isEmpty()) {
      JournalLog at = journal(leader(log)).log(log);
      List<Future<Position>> appends =
          left.stream().map(payload -> at.append(Buffer.buffer(payload))).toList();
      await().atMost(Opened.PATIENCE).until(() -> appends.stream().allMatch(Future::isComplete));
      List<String> tried = left;
      left =
          IntStream.range(0, tried.size())
              .filter(i -> appends.get(i).failed())
              .mapToObj(tried::get)
              .toList();
    }
    return payloads;
  }

  /** Waits until a node holds these, perhaps some of them twice, and nothing else. */
  void holds(int node, String log, List<String> payloads) {
    Opened opened = opened(node);
    await()
        .atMost(Opened.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(new LinkedHashSet<>(opened.read(log, opened.log(log).start())))
                    .containsExactlyInAnyOrderElementsOf(payloads));
  }

  /** At the same time: closing one takes a second. */
  @Override
  public void close() {
    List<Opened> closing = List.copyOf(open.values());
    open.clear();
    List<Future<Void>> closed =
        closing.stream().map(each -> each.journal().close(Opened.PATIENCE)).toList();
    Opened.done(Future.join(closed));
    closing.forEach(each -> Opened.done(each.vertx().close()));
  }
}
