package io.starling.relay;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.append.EventAppender;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Connection;
import io.starling.contract.HistoryReply.ConnectionsFound;
import io.starling.contract.HistoryReply.ConnectionsReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.Origin;
import io.starling.contract.UserProperties;
import io.starling.directory.Directory;
import io.starling.directory.DirectoryFollower;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a device came and went, by way of a real journal and a real PostgreSQL. */
class HistoryIT {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final AccountId ANN = AccountId.create();
  private static final AccountId BOB = AccountId.create();
  private static final long START = System.currentTimeMillis() - 60_000;

  @TempDir Path data;
  @TempDir Path databaseFolder;
  private final DeviceId device = DeviceId.create();
  private Vertx vertx;
  private EmbeddedDatabase server;
  private Node node;
  private EventAppender appender;

  @BeforeEach
  void start() throws Exception {
    server = EmbeddedDatabase.start(databaseFolder);
    vertx = Vertx.vertx();
    var meters = new SimpleMeterRegistry();
    node =
        get(
            Node.open(
                "node", "region", data, 1, vertx, Sessions.ofThisProcess(), new Health(), meters));
    var pool = PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), meters);
    var directory = new Directory(InstantSource.system());
    var _ = vertx.deployVerticle(new DirectoryFollower(node.bus(), directory));
    var config = new RelayConfig("127.0.0.1", 0, List.of(), Duration.ofHours(3), 0, 1 << 20, 30);
    assertThat(
            get(vertx.deployVerticle(new RelayService(node, config, pool, directory, cause -> {}))))
        .isNotNull();
    appender = new EventAppender(vertx, node.bus(), node.leaders(), 1, LIMIT);
  }

  @AfterEach
  void stop() throws Exception {
    var _ = get(vertx.close().map(true));
    server.close();
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, SECONDS);
  }

  private void happens(AccountId account, String name, String status, int second) throws Exception {
    boolean online = status.equals("online");
    var event =
        new Event(
            new EventId(device, 0x70 + second, online ? EventId.ONLINE : EventId.OFFLINE),
            Origin.DEVICE,
            account,
            0,
            name,
            Buffer.buffer(status),
            EventClass.NORMAL,
            START + second * 1_000L,
            new Event.Manner(
                1,
                false,
                Event.Manner.NEVER,
                UserProperties.encode(Map.of("gateway", "g" + second))));
    assertThat(get(appender.append(0, event))).isInstanceOf(EventAppender.Outcome.Committed.class);
  }

  private ConnectionsReply ask(AccountId account, @Nullable String before, int limit)
      throws Exception {
    var request = new HistoryRequest.Connections(account, device, before, limit);
    return get(node.bus().ask(request, Duration.ofSeconds(5)));
  }

  private ConnectionsFound find(AccountId account, @Nullable String before, int limit)
      throws Exception {
    return (ConnectionsFound) ask(account, before, limit);
  }

  @Test
  void isToldPageByPageTheLatestFirstAndOnlyToWhoseItIs() throws Exception {
    happens(BOB, "spark/status", "online", 0);
    for (int second = 1; second <= 4; second++) {
      happens(ANN, "spark/status", second % 2 == 1 ? "online" : "offline", second);
      happens(ANN, "other", "offline", second);
    }
    await()
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> find(ANN, null, 100).connections().size() == 4);

    var first = find(ANN, null, 3);
    assertThat(first.connections())
        .containsExactly(at(4, "offline"), at(3, "online"), at(2, "offline"));
    var second = find(ANN, first.next(), 3);
    assertThat(second.connections()).containsExactly(at(1, "online"));
    assertThat(second.next()).isNull();
    assertThat(ask(ANN, "somewhere", 3)).isEqualTo(new HistoryReply.PlaceUnknown());
  }

  private static Connection at(int second, String status) {
    return new Connection(START + second * 1_000L, status, Map.of("gateway", "g" + second));
  }

  @Test
  void cannotBeToldWithoutADatabase() throws Exception {
    server.stop();

    await().atMost(LIMIT).until(() -> ask(ANN, null, 1) instanceof HistoryReply.DatabaseDown);
  }
}
