package io.starling.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.bootstrap.settings.Settings;
import io.starling.contract.AccountId;
import io.starling.contract.BusMessage;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.RelayHint;
import io.starling.contract.Request;
import io.starling.directory.Entry;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The accounts service on a real PostgreSQL, which outlives it; the directory log is a fake in
 * memory.
 */
final class AccountsNode {
  static final Duration LIMIT = Duration.ofSeconds(5);
  static final String PASSWORD = "correct horse";
  private static final AtomicInteger PEOPLE = new AtomicInteger();

  private final EmbeddedDatabase server;
  private final Path folder;
  private final Map<String, String> settings;
  private Running running;

  /** What is gone with the process. */
  private record Running(
      Node node, PrimaryPool database, FakeDirectory directory, MeterRegistry meters) {}

  AccountsNode(EmbeddedDatabase server, Path folder) throws Exception {
    this(server, folder, Map.of());
  }

  /** With settings of its own; made also if it refuses to work, which its health tells. */
  AccountsNode(EmbeddedDatabase server, Path folder, Map<String, String> settings)
      throws Exception {
    this.server = server;
    this.folder = folder;
    this.settings = settings;
    running = start(server, folder, settings);
    awaitService();
  }

  private static Running start(EmbeddedDatabase server, Path folder, Map<String, String> settings)
      throws Exception {
    var vertx = Vertx.vertx();
    var directory = new FakeDirectory(vertx);
    var meters = new SimpleMeterRegistry();
    var sessions = Sessions.ofThisProcess();
    var node = get(Node.open("node", "region", folder, 1, vertx, sessions, new Health(), meters));
    get(directory.serve(node.bus()));
    var leads = List.of(new RelayHint.Lead("directory", 1));
    node.leaders().heard(new RelayHint.Leading(FakeDirectory.RELAY, leads));
    var database = PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), meters);
    var config = AccountsConfig.from(new Settings(settings));
    get(vertx.deployVerticle(new AccountsService(node, database, config)));
    return new Running(node, database, directory, meters);
  }

  private void awaitService() {
    await()
        .atMost(Duration.ofSeconds(20))
        // A service that refuses to work lets go of what it was asked.
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(
            () ->
                hasRefused()
                    || !(ask(new PeopleRequest.RevokeToken("none"))
                        instanceof PeopleReply.DatabaseDown));
  }

  private boolean hasRefused() {
    var part = node().health().look().get("accounts");
    return part != null && part.status() == Health.Status.DOWN;
  }

  /** Another process, which knows only what the database has, goes on. */
  void restart() throws Exception {
    running = start(server, folder, settings);
    awaitService();
  }

  void close() throws Exception {
    get(running.node().vertx().close());
  }

  /** How often a password was hashed so far. */
  double hashed() {
    return running.meters().counter("starling.passwords.hashed").count();
  }

  EmbeddedDatabase server() {
    return server;
  }

  @CanIgnoreReturnValue
  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, SECONDS);
  }

  @CanIgnoreReturnValue
  <R extends BusMessage, Q extends Request<R>> R ask(Q request) throws Exception {
    return get(running.node().bus().ask(request, LIMIT));
  }

  Node node() {
    return running.node();
  }

  PrimaryPool database() {
    return running.database();
  }

  Path data() {
    return running.node().data();
  }

  FakeDirectory directory() {
    return running.directory();
  }

  static String newEmail() {
    return "person" + PEOPLE.incrementAndGet() + "@example.org";
  }

  AccountId person() throws Exception {
    return person(newEmail());
  }

  AccountId person(String email) throws Exception {
    return ((PeopleReply.SignedUp) ask(new PeopleRequest.SignUp(email, PASSWORD, "{}"))).account();
  }

  /** Of a person. */
  String email(AccountId account) throws Exception {
    return value("SELECT email FROM accounts.account WHERE id = '%s'".formatted(account));
  }

  int product(AccountId owner) throws Exception {
    return ((ProductsReply.ProductCreated)
            ask(new ProductsRequest.CreateProduct(owner, "Weather Station!", "", 6)))
        .product();
  }

  /** Makes devices in a product of their owner. */
  List<DeviceId> devices(AccountId owner, int product, int count) throws Exception {
    return ((DevicesReply.DevicesCreated)
            ask(new DevicesRequest.CreateDevices(owner, product, count)))
        .devices().stream().map(DevicesReply.NewDevice::id).toList();
  }

  List<Change> changes(String kind, String key) {
    return running.directory().changes().stream()
        .filter(change -> change.kind().equals(kind) && change.key().equals(key))
        .toList();
  }

  /** A device as the directory has it. */
  Entry.Device device(DeviceId id) {
    var row = changes("device", id.toString()).getLast().row();
    return (Entry.Device) Objects.requireNonNull(Entry.of("device", Objects.requireNonNull(row)));
  }

  /** A product as the directory has it. */
  Entry.Product product(int id) {
    var row = changes("product", Integer.toString(id)).getLast().row();
    return (Entry.Product) Objects.requireNonNull(Entry.of("product", Objects.requireNonNull(row)));
  }

  /** What is in the outbox for an address. */
  List<String> mailsTo(String email) throws Exception {
    Path outbox = data().resolve("outbox");
    if (!Files.exists(outbox)) {
      return List.of();
    }
    try (var files = Files.list(outbox)) {
      return files
          .filter(file -> file.toString().endsWith(".eml"))
          .map(AccountsNode::read)
          .filter(text -> text.contains("To: " + email + "\r\n"))
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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

  /** Past the service, straight into the database. */
  void execute(String sql) throws Exception {
    try (var connection = DriverManager.getConnection(server.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }
}
