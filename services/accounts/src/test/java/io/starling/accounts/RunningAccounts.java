package io.starling.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.settings.Settings;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.Change;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.RelayHint;
import io.starling.contract.Request;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An accounts service on a database that is there already; the directory log is a fake. */
final class RunningAccounts {
  static final Duration LIMIT = Duration.ofSeconds(5);
  static final String PASSWORD = "correct horse";
  private static final AtomicInteger PEOPLE = new AtomicInteger();

  final Vertx vertx = Vertx.vertx();
  final FakeDirectory directory = new FakeDirectory(vertx);
  final Node node;
  final Path data;
  private final EmbeddedDatabase server;

  RunningAccounts(EmbeddedDatabase server, Path data) throws Exception {
    this.server = server;
    this.data = data;
    var meters = new SimpleMeterRegistry();
    var sessions = Sessions.ofThisProcess();
    node = get(Node.open("node", "region", data, 1, vertx, sessions, new Health(), meters));
    get(directory.serve(node.bus()));
    var leads = List.of(new RelayHint.Lead("directory", 1));
    node.leaders().heard(new RelayHint.Leading(FakeDirectory.RELAY, leads));
    var pool = PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), meters);
    var config = AccountsConfig.from(new Settings(Map.of()));
    get(vertx.deployVerticle(new AccountsService(node, pool, config)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                !(ask(new PeopleRequest.RevokeToken("none")) instanceof PeopleReply.DatabaseDown));
  }

  @CanIgnoreReturnValue
  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, SECONDS);
  }

  @CanIgnoreReturnValue
  <R extends BusMessage, Q extends Request<R>> R ask(Q request) throws Exception {
    return get(node.bus().ask(request, LIMIT));
  }

  static String newEmail() {
    return "person" + PEOPLE.incrementAndGet() + "@example.org";
  }

  AccountId person(String email) throws Exception {
    return ((PeopleReply.SignedUp) ask(new PeopleRequest.SignUp(email, PASSWORD, "{}"))).account();
  }

  /** What the directory was told of a row. */
  List<Change> changes(String kind, String key) {
    return directory.changes().stream()
        .filter(change -> change.kind().equals(kind) && change.key().equals(key))
        .toList();
  }

  void execute(String sql) throws Exception {
    try (var connection = DriverManager.getConnection(server.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** The first column of the first row, as text. */
  String value(String sql) throws Exception {
    try (var connection = DriverManager.getConnection(server.jdbcUrl());
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "nothing";
    }
  }

  void close() throws Exception {
    get(vertx.close());
  }
}
