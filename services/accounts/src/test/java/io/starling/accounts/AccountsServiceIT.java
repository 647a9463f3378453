package io.starling.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.bootstrap.Node;
import io.starling.bootstrap.cluster.Sessions;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.AccountsRequest;
import io.starling.contract.BusMessage;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.RegistrationRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.contract.RelayHint;
import io.starling.contract.Request;
import io.starling.contract.TopicPermission;
import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The accounts service on a real PostgreSQL; the directory log is a fake in memory. */
class AccountsServiceIT {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @TempDir static Path folder;
  private static EmbeddedDatabase server;
  private static int people;

  private Vertx vertx;
  private Node node;
  private FakeDirectory directory;

  @BeforeAll
  static void startDatabase() {
    server = EmbeddedDatabase.start(folder);
  }

  @AfterAll
  static void stopDatabase() {
    server.close();
  }

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    var meters = new SimpleMeterRegistry();
    node =
        get(
            Node.open(
                "node",
                "region",
                folder,
                1,
                vertx,
                Sessions.ofThisProcess(),
                new Health(),
                meters));
    directory = new FakeDirectory(vertx);
    get(directory.serve(node.bus()));
    var leads = List.of(new RelayHint.Lead("directory", 1));
    node.leaders().heard(new RelayHint.Leading(FakeDirectory.RELAY, leads));
    var pool = PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), meters);
    get(vertx.deployVerticle(new AccountsService(node, pool)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                !(ask(new AccountsRequest.RevokeToken("none"))
                    instanceof AccountsReply.DatabaseDown));
  }

  @AfterEach
  void stop() throws Exception {
    if (!server.isRunning()) {
      server.restart();
    }
    get(vertx.close());
  }

  @CanIgnoreReturnValue
  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(15, SECONDS);
  }

  @CanIgnoreReturnValue
  private <R extends BusMessage, Q extends Request<R>> R ask(Q request) throws Exception {
    return get(node.bus().ask(request, LIMIT));
  }

  private static synchronized String newEmail() {
    people++;
    return "person" + people + "@example.org";
  }

  private AccountId person(String email) throws Exception {
    return ((AccountsReply.SignedUp) ask(new AccountsRequest.SignUp(email, "correct horse")))
        .account();
  }

  private int product(AccountId owner) throws Exception {
    return ((ProductsReply.ProductCreated)
            ask(new ProductsRequest.CreateProduct(owner, "Weather Station!", "", 6)))
        .product();
  }

  @Test
  void answersOnceAllOfALargeTransactionIsInTheDirectory() throws Exception {
    var owner = person(newEmail());
    int product = product(owner);

    // Twice what the feed carries at once: its last page is full.
    var made =
        (DevicesReply.DevicesCreated) ask(new DevicesRequest.CreateDevices(owner, product, 1_000));

    assertThat(made.devices()).hasSize(1_000);
    assertThat(made.devices())
        .allSatisfy(device -> assertThat(changes("device", device.id().toString())).hasSize(1));
  }

  private List<Change> changes(String kind, String key) {
    return directory.changes().stream()
        .filter(change -> change.kind().equals(kind) && change.key().equals(key))
        .toList();
  }

  @Test
  void signsUpOncePerAddressWhateverItsCase() throws Exception {
    String email = newEmail();
    var account = person(email);

    assertThat(
            ask(
                new AccountsRequest.SignUp(
                    email.toUpperCase(java.util.Locale.ROOT), "another password")))
        .isEqualTo(new AccountsReply.SignUpRefused(AccountsReply.SignUpRefused.Reason.IN_USE));
    assertThat(changes("account", account.toString())).hasSize(1);
  }

  @Test
  void refusesWhatIsNoAddressOrNoPassword() throws Exception {
    assertThat(ask(new AccountsRequest.SignUp("nobody", "correct horse")))
        .isEqualTo(
            new AccountsReply.SignUpRefused(AccountsReply.SignUpRefused.Reason.NOT_AN_EMAIL));
    assertThat(ask(new AccountsRequest.SignUp(newEmail(), "short")))
        .isEqualTo(
            new AccountsReply.SignUpRefused(AccountsReply.SignUpRefused.Reason.PASSWORD_TOO_SHORT));
    assertThat(ask(new AccountsRequest.SignUp(newEmail(), "x".repeat(300))))
        .isEqualTo(
            new AccountsReply.SignUpRefused(AccountsReply.SignUpRefused.Reason.PASSWORD_TOO_LONG));
  }

  @Test
  void aTokenIsInTheDirectoryWhenItIsTold() throws Exception {
    String email = newEmail();
    var account = person(email);
    var loggedIn =
        (AccountsReply.LoggedIn)
            ask(new AccountsRequest.LogIn(email, "correct horse", "particle", "1.1.1.1", 60));

    assertThat(loggedIn.account()).isEqualTo(account);
    assertThat(loggedIn.token()).matches("[0-9a-f]{40}");
    assertThat(changes("token", Secrets.hash(loggedIn.token()))).hasSize(1);
    assertThat(directory.changes().toString())
        .doesNotContain(loggedIn.token())
        .doesNotContain("password")
        .doesNotContain("argon2");

    ask(new AccountsRequest.RevokeToken(Secrets.hash(loggedIn.token())));
    assertThat(changes("token", Secrets.hash(loggedIn.token())).getLast().row()).isNull();
  }

  @Test
  void tellsNeitherUnknownAddressesNorWrongPasswordsApartAndSlowsGuessingDown() throws Exception {
    String email = newEmail();
    var _ = person(email);
    assertThat(ask(new AccountsRequest.LogIn(newEmail(), "correct horse", "c", "2.2.2.2", 60)))
        .isInstanceOf(AccountsReply.CredentialsInvalid.class);
    for (int i = 0; i < 10; i++) {
      assertThat(ask(new AccountsRequest.LogIn(email, "wrong horse", "c", "3.3.3.3", 60)))
          .isInstanceOf(AccountsReply.CredentialsInvalid.class);
    }
    assertThat(ask(new AccountsRequest.LogIn(email, "correct horse", "c", "3.3.3.3", 60)))
        .isInstanceOf(AccountsReply.TooManyAttempts.class);
    assertThat(ask(new AccountsRequest.LogIn(email, "correct horse", "c", "4.4.4.4", 60)))
        .isInstanceOf(AccountsReply.LoggedIn.class);
  }

  @Test
  void makesDevicesOnlyInOnesOwnProduct() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    int product = product(ann);

    var made = (DevicesReply.DevicesCreated) ask(new DevicesRequest.CreateDevices(ann, product, 3));
    assertThat(made.devices()).hasSize(3);
    var device = made.devices().getFirst();
    assertThat(changes("device", device.id().toString()).getFirst().row())
        .contains(Secrets.hash(device.secret()))
        .contains(ann.toString())
        .doesNotContain(device.secret());
    assertThat(ask(new DevicesRequest.CreateDevices(ben, product, 1)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void permissionsAreTheOwnersAndInTheDirectoryWhenTheyAreSet() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    int product = product(ann);
    var denied = new TopicPermission(Effect.DENY, Action.PUBLISH, "%device%/\u00fc'\"/#");

    assertThat(ask(new ProductsRequest.SetPermissions(ben, product, List.of(denied))))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(permissions(product)).isEmpty();
    assertThat(ask(new ProductsRequest.SetPermissions(ann, product, List.of(denied))))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(permissions(product)).containsExactly(denied);
    ask(new ProductsRequest.SetPermissions(ann, product, List.of()));
    assertThat(permissions(product)).isEmpty();
  }

  @Test
  void anAuthorityIsAddedByWhoHasItsKeyAndAProductHasOnlySoMany() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    int product = product(ann);
    var signer = new Signer("one");
    var another = new Signer("another");
    String proof = signer.sign("starling-product-" + product);
    String others = another.sign("starling-product-" + product);

    assertThat(ask(new ProductsRequest.AddAuthority(ben, product, signer.pem(), proof)))
        .isInstanceOf(AccountsReply.NotFound.class);
    for (var bad :
        List.of(
            List.of("nothing", proof),
            List.of(proof, proof),
            List.of(signer.pem(), ""),
            List.of(signer.pem(), signer.pem()),
            List.of(signer.pem(), others))) {
      assertThat(ask(new ProductsRequest.AddAuthority(ann, product, bad.getFirst(), bad.getLast())))
          .isInstanceOf(ProductsReply.AuthorityRefused.class);
    }
    var added =
        (ProductsReply.AuthorityAdded)
            ask(new ProductsRequest.AddAuthority(ann, product, signer.pem(), proof));
    String key = product + "/" + added.fingerprint();
    var row = Objects.requireNonNull(changes("product_authority", key).getLast().row());
    assertThat(Entry.of("product_authority", row)).isInstanceOf(Entry.ProductAuthority.class);
    // Again is fine.
    assertThat(ask(new ProductsRequest.AddAuthority(ann, product, signer.pem(), proof)))
        .isInstanceOf(ProductsReply.AuthorityAdded.class);

    fill(product);
    assertThat(ask(new ProductsRequest.AddAuthority(ann, product, another.pem(), others)))
        .isEqualTo(new ProductsReply.AuthorityRefused("the product has 10 authorities already"));

    assertThat(ask(new ProductsRequest.RemoveAuthority(ben, product, added.fingerprint())))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new ProductsRequest.RemoveAuthority(ann, product, added.fingerprint())))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(changes("product_authority", key).getLast().row()).isNull();
  }

  private static void fill(int product) throws Exception {
    execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " SELECT 'x' || i, %d, 'x' || i, '' FROM generate_series(1, 9) AS i"
                .formatted(product));
  }

  private static void execute(String sql) throws Exception {
    try (var connection = DriverManager.getConnection(server.jdbcUrl());
        var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  @Test
  void anUnknownDeviceWaitsInQuarantineUntilItIsApprovedOrDenied() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    int product = product(ann);
    execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " VALUES ('%d/a', %d, 'a', '')".formatted(product, product));
    var id = DeviceId.create();
    var register = new DevicesRequest.RegisterDevice(id, product, "a");

    var notWanted = new DevicesReply.RegistrationRefused(Reason.NOT_WANTED);
    assertThat(ask(register)).isEqualTo(notWanted);
    assertThat(ask(new ProductsRequest.SetQuarantine(ben, product, true)))
        .isInstanceOf(AccountsReply.NotFound.class);
    ask(new ProductsRequest.SetQuarantine(ann, product, true));
    assertThat(ask(new DevicesRequest.RegisterDevice(id, product, "b"))).isEqualTo(notWanted);

    assertThat(ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
    assertThat(ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
    assertThat(changes("device", id.toString())).hasSize(1);
    assertThat(device(id).quarantined()).isTrue();
    assertThat(device(id).owner()).isEqualTo(ann);
    assertThat(ask(new DevicesRequest.ClaimDevice(ben, id)))
        .isInstanceOf(DevicesReply.ClaimRefused.class);
    assertThat(ask(new DevicesRequest.ReleaseDevice(ann, id)))
        .isInstanceOf(AccountsReply.NotFound.class);

    assertThat(ask(new DevicesRequest.AddDevices(ben, product, List.of(id))))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new DevicesRequest.RemoveDevice(ben, product, id, true)))
        .isInstanceOf(AccountsReply.NotFound.class);
    ask(new DevicesRequest.RemoveDevice(ann, product, id, true));
    assertThat(device(id).denied()).isTrue();
    assertThat(ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
    assertThat(device(id).denied()).isTrue();

    var strange = DeviceId.create();
    var approved =
        (DevicesReply.DevicesAdded)
            ask(new DevicesRequest.AddDevices(ann, product, List.of(id, strange)));
    assertThat(approved.added()).containsExactly(id);
    assertThat(approved.strange()).containsExactly(strange);
    assertThat(device(id).quarantined() || device(id).denied()).isFalse();
    var again =
        (DevicesReply.DevicesAdded) ask(new DevicesRequest.AddDevices(ann, product, List.of(id)));
    assertThat(again.existing()).containsExactly(id);
    assertThat(ask(new DevicesRequest.RemoveDevice(ann, product, id, true)))
        .isInstanceOf(AccountsReply.NotFound.class);

    int other = product(ann);
    ask(new DevicesRequest.RemoveDevice(ann, product, id, false));
    assertThat(device(id).product()).isZero();
    var moved =
        (DevicesReply.DevicesAdded) ask(new DevicesRequest.AddDevices(ann, other, List.of(id)));
    assertThat(moved.added()).containsExactly(id);
    assertThat(device(id).product()).isEqualTo(other);
  }

  private Entry.Device device(DeviceId id) {
    var row = changes("device", id.toString()).getLast().row();
    return (Entry.Device) Objects.requireNonNull(Entry.of("device", Objects.requireNonNull(row)));
  }

  @Test
  void aQuarantineThatIsFullTakesNobodyUntilSomebodyIsForgotten() throws Exception {
    var ann = person(newEmail());
    int product = product(ann);
    execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " VALUES ('%d/a', %d, 'a', '')".formatted(product, product));
    ask(new ProductsRequest.SetQuarantine(ann, product, true));
    // One after the other would take too long; they need not come through the feed.
    execute(
        "ALTER TABLE accounts.device DISABLE TRIGGER USER;"
            + " INSERT INTO accounts.device (id, owner, product, secret_hash, quarantined)"
            + " SELECT lpad(to_hex(i), 24, '0'), '%s', %d, '', true".formatted(ann, product)
            + " FROM generate_series(1, 10000) AS i;"
            + " ALTER TABLE accounts.device ENABLE TRIGGER USER");
    var register = new DevicesRequest.RegisterDevice(DeviceId.create(), product, "a");
    assertThat(ask(register))
        .isEqualTo(new DevicesReply.RegistrationRefused(Reason.QUARANTINE_FULL));
    var first = DeviceId.of("000000000000000000000001");
    ask(new DevicesRequest.RemoveDevice(ann, product, first, false));
    assertThat(ask(register)).isInstanceOf(DevicesReply.DeviceRegistered.class);
  }

  private List<TopicPermission> permissions(int product) {
    var row = changes("product", Integer.toString(product)).getLast().row();
    return ((Entry.Product)
            Objects.requireNonNull(Entry.of("product", Objects.requireNonNull(row))))
        .permissions()
        .permissions();
  }

  @Test
  void aDeviceChangesHandsOnlyWhenNobodyOwnsIt() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    var device =
        ((DevicesReply.DevicesCreated) ask(new DevicesRequest.CreateDevices(ann, product(ann), 1)))
            .devices()
            .getFirst()
            .id();

    assertThat(ask(new DevicesRequest.ClaimDevice(ben, device)))
        .isEqualTo(
            new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.BELONGS_TO_ANOTHER));
    assertThat(ask(new DevicesRequest.ClaimDevice(ben, DeviceId.create())))
        .isEqualTo(new DevicesReply.ClaimRefused(DevicesReply.ClaimRefused.Reason.UNKNOWN));
    assertThat(ask(new DevicesRequest.EditDevice(ben, device, "mine", null)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new DevicesRequest.ReleaseDevice(ben, device)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new DevicesRequest.ReleaseDevice(ann, device)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(ask(new DevicesRequest.ClaimDevice(ben, device)))
        .isInstanceOf(DevicesReply.Claimed.class);
    assertThat(ask(new DevicesRequest.EditDevice(ben, device, "mine", null)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(changes("device", device.toString())).hasSize(4);
  }

  @Test
  void answersWithinASecondWithoutADatabaseAndRecovers() throws Exception {
    server.stop();
    ask(new AccountsRequest.SignUp(newEmail(), "correct horse"));
    long before = System.nanoTime();
    assertThat(ask(new AccountsRequest.RevokeToken("none")))
        .isInstanceOf(AccountsReply.DatabaseDown.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
    server.restart();

    await()
        .atMost(LIMIT)
        .until(
            () ->
                ask(new AccountsRequest.SignUp(newEmail(), "correct horse"))
                    instanceof AccountsReply.SignedUp);
  }

  @Test
  void theFeedMissesNothingThatBecomesVisibleLate() throws Exception {
    var ann = person(newEmail());
    try (var slow = DriverManager.getConnection(server.jdbcUrl());
        var statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      // Draws its numbers first, commits last.
      statement.executeUpdate(
          "INSERT INTO accounts.token (hash, account, client) VALUES ('slow', '" + ann + "', 'c')");
      var quick = new ArrayList<Future<?>>();
      for (int i = 0; i < 5; i++) {
        quick.add(node.bus().ask(new ProductsRequest.CreateProduct(ann, "quick", "", 0), LIMIT));
      }
      await()
          .during(Duration.ofMillis(300))
          .atMost(LIMIT)
          .until(() -> quick.stream().noneMatch(Future::isComplete));
      slow.commit();
      get(Future.all(quick));
    }
    assertThat(changes("token", "slow")).hasSize(1);
  }
}
