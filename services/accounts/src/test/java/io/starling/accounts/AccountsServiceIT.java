package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.starling.bootstrap.Node;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.AccountsReply.RegistrationRefused.Reason;
import io.starling.contract.AccountsRequest;
import io.starling.contract.BusMessage;
import io.starling.contract.Change;
import io.starling.contract.DeviceId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Request;
import io.starling.contract.TopicPermission;
import io.starling.contract.TopicPermission.Action;
import io.starling.contract.TopicPermission.Effect;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import io.starling.embedded.EmbeddedDatabase;
import io.vertx.core.Future;
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
  private static final Duration LIMIT = RunningAccounts.LIMIT;

  @TempDir static Path folder;
  private static EmbeddedDatabase server;

  private RunningAccounts accounts;
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
    accounts = new RunningAccounts(server, folder);
    node = accounts.node;
    directory = accounts.directory;
  }

  @AfterEach
  void stop() throws Exception {
    if (!server.isRunning()) {
      server.restart();
    }
    accounts.close();
  }

  @CanIgnoreReturnValue
  private static <T> T get(Future<T> future) throws Exception {
    return RunningAccounts.get(future);
  }

  @CanIgnoreReturnValue
  private <R extends BusMessage, Q extends Request<R>> R ask(Q request) throws Exception {
    return accounts.ask(request);
  }

  private static String newEmail() {
    return RunningAccounts.newEmail();
  }

  private AccountId person(String email) throws Exception {
    return accounts.person(email);
  }

  private int product(AccountId owner) throws Exception {
    return ((AccountsReply.ProductCreated)
            ask(new AccountsRequest.CreateProduct(owner, "Weather Station!", "", 6)))
        .product();
  }

  @Test
  void answersOnceAllOfALargeTransactionIsInTheDirectory() throws Exception {
    var owner = person(newEmail());
    int product = product(owner);

    // Twice what the feed carries at once: its last page is full.
    var made =
        (AccountsReply.DevicesCreated)
            ask(new AccountsRequest.CreateDevices(owner, product, 1_000));

    assertThat(made.devices()).hasSize(1_000);
    assertThat(made.devices())
        .allSatisfy(device -> assertThat(changes("device", device.id().toString())).hasSize(1));
  }

  private List<Change> changes(String kind, String key) {
    return accounts.changes(kind, key);
  }

  @Test
  void signsUpOncePerAddressWhateverItsCase() throws Exception {
    String email = newEmail();
    var account = person(email);

    assertThat(
            ask(
                new PeopleRequest.SignUp(
                    email.toUpperCase(java.util.Locale.ROOT), "another password", "{}")))
        .isEqualTo(new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.IN_USE));
    assertThat(changes("account", account.toString())).hasSize(1);
  }

  @Test
  void refusesWhatIsNoAddressOrNoPassword() throws Exception {
    assertThat(ask(new PeopleRequest.SignUp("nobody", "correct horse", "{}")))
        .isEqualTo(new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.NOT_AN_EMAIL));
    assertThat(ask(new PeopleRequest.SignUp(newEmail(), "short", "{}")))
        .isEqualTo(
            new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.PASSWORD_TOO_SHORT));
    assertThat(ask(new PeopleRequest.SignUp(newEmail(), "x".repeat(300), "{}")))
        .isEqualTo(
            new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.PASSWORD_TOO_LONG));
  }

  @Test
  void aTokenIsInTheDirectoryWhenItIsTold() throws Exception {
    String email = newEmail();
    var account = person(email);
    var loggedIn =
        (PeopleReply.LoggedIn)
            ask(new PeopleRequest.LogIn(email, "correct horse", "particle", "1.1.1.1", 60));

    assertThat(loggedIn.account()).isEqualTo(account);
    assertThat(loggedIn.token()).matches("[0-9a-f]{40}");
    assertThat(changes("token", Secrets.hash(loggedIn.token()))).hasSize(1);
    assertThat(directory.changes().toString())
        .doesNotContain(loggedIn.token())
        .doesNotContain("password")
        .doesNotContain("argon2");

    ask(new PeopleRequest.RevokeToken(Secrets.hash(loggedIn.token())));
    assertThat(changes("token", Secrets.hash(loggedIn.token())).getLast().row()).isNull();
  }

  @Test
  void tellsNeitherUnknownAddressesNorWrongPasswordsApartAndSlowsGuessingDown() throws Exception {
    String email = newEmail();
    var _ = person(email);
    assertThat(ask(new PeopleRequest.LogIn(newEmail(), "correct horse", "c", "2.2.2.2", 60)))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    for (int i = 0; i < 10; i++) {
      assertThat(ask(new PeopleRequest.LogIn(email, "wrong horse", "c", "3.3.3.3", 60)))
          .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    }
    assertThat(ask(new PeopleRequest.LogIn(email, "correct horse", "c", "3.3.3.3", 60)))
        .isInstanceOf(PeopleReply.TooManyAttempts.class);
    assertThat(ask(new PeopleRequest.LogIn(email, "correct horse", "c", "4.4.4.4", 60)))
        .isInstanceOf(PeopleReply.LoggedIn.class);
  }

  @Test
  void makesDevicesOnlyInOnesOwnProduct() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    int product = product(ann);

    var made =
        (AccountsReply.DevicesCreated) ask(new AccountsRequest.CreateDevices(ann, product, 3));
    assertThat(made.devices()).hasSize(3);
    var device = made.devices().getFirst();
    assertThat(changes("device", device.id().toString()).getFirst().row())
        .contains(Secrets.hash(device.secret()))
        .contains(ann.toString())
        .doesNotContain(device.secret());
    assertThat(ask(new AccountsRequest.CreateDevices(ben, product, 1)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void permissionsAreTheOwnersAndInTheDirectoryWhenTheyAreSet() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    int product = product(ann);
    var denied = new TopicPermission(Effect.DENY, Action.PUBLISH, "%device%/\u00fc'\"/#");

    assertThat(ask(new AccountsRequest.SetPermissions(ben, product, List.of(denied))))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(permissions(product)).isEmpty();
    assertThat(ask(new AccountsRequest.SetPermissions(ann, product, List.of(denied))))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(permissions(product)).containsExactly(denied);
    ask(new AccountsRequest.SetPermissions(ann, product, List.of()));
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

    assertThat(ask(new AccountsRequest.AddAuthority(ben, product, signer.pem(), proof)))
        .isInstanceOf(AccountsReply.NotFound.class);
    for (var bad :
        List.of(
            List.of("nothing", proof),
            List.of(proof, proof),
            List.of(signer.pem(), ""),
            List.of(signer.pem(), signer.pem()),
            List.of(signer.pem(), others))) {
      assertThat(ask(new AccountsRequest.AddAuthority(ann, product, bad.getFirst(), bad.getLast())))
          .isInstanceOf(AccountsReply.AuthorityRefused.class);
    }
    var added =
        (AccountsReply.AuthorityAdded)
            ask(new AccountsRequest.AddAuthority(ann, product, signer.pem(), proof));
    String key = product + "/" + added.fingerprint();
    var row = Objects.requireNonNull(changes("product_authority", key).getLast().row());
    assertThat(Entry.of("product_authority", row)).isInstanceOf(Entry.ProductAuthority.class);
    // Again is fine.
    assertThat(ask(new AccountsRequest.AddAuthority(ann, product, signer.pem(), proof)))
        .isInstanceOf(AccountsReply.AuthorityAdded.class);

    fill(product);
    assertThat(ask(new AccountsRequest.AddAuthority(ann, product, another.pem(), others)))
        .isEqualTo(new AccountsReply.AuthorityRefused("the product has 10 authorities already"));

    assertThat(ask(new AccountsRequest.RemoveAuthority(ben, product, added.fingerprint())))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new AccountsRequest.RemoveAuthority(ann, product, added.fingerprint())))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(changes("product_authority", key).getLast().row()).isNull();
  }

  private void fill(int product) throws Exception {
    accounts.execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " SELECT 'x' || i, %d, 'x' || i, '' FROM generate_series(1, 9) AS i"
                .formatted(product));
  }

  @Test
  void anUnknownDeviceWaitsInQuarantineUntilItIsApprovedOrDenied() throws Exception {
    var ann = person(newEmail());
    var ben = person(newEmail());
    int product = product(ann);
    accounts.execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " VALUES ('%d/a', %d, 'a', '')".formatted(product, product));
    var id = DeviceId.create();
    var register = new AccountsRequest.RegisterDevice(id, product, "a");

    var notWanted = new AccountsReply.RegistrationRefused(Reason.NOT_WANTED);
    assertThat(ask(register)).isEqualTo(notWanted);
    assertThat(ask(new AccountsRequest.SetQuarantine(ben, product, true)))
        .isInstanceOf(AccountsReply.NotFound.class);
    ask(new AccountsRequest.SetQuarantine(ann, product, true));
    assertThat(ask(new AccountsRequest.RegisterDevice(id, product, "b"))).isEqualTo(notWanted);

    assertThat(ask(register)).isInstanceOf(AccountsReply.DeviceRegistered.class);
    assertThat(ask(register)).isInstanceOf(AccountsReply.DeviceRegistered.class);
    assertThat(changes("device", id.toString())).hasSize(1);
    assertThat(device(id).quarantined()).isTrue();
    assertThat(device(id).owner()).isEqualTo(ann);
    assertThat(ask(new AccountsRequest.ClaimDevice(ben, id)))
        .isInstanceOf(AccountsReply.ClaimRefused.class);
    assertThat(ask(new AccountsRequest.ReleaseDevice(ann, id)))
        .isInstanceOf(AccountsReply.NotFound.class);

    assertThat(ask(new AccountsRequest.AddDevices(ben, product, List.of(id))))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new AccountsRequest.RemoveDevice(ben, product, id, true)))
        .isInstanceOf(AccountsReply.NotFound.class);
    ask(new AccountsRequest.RemoveDevice(ann, product, id, true));
    assertThat(device(id).denied()).isTrue();
    assertThat(ask(register)).isInstanceOf(AccountsReply.DeviceRegistered.class);
    assertThat(device(id).denied()).isTrue();

    var strange = DeviceId.create();
    var approved =
        (AccountsReply.DevicesAdded)
            ask(new AccountsRequest.AddDevices(ann, product, List.of(id, strange)));
    assertThat(approved.added()).containsExactly(id);
    assertThat(approved.strange()).containsExactly(strange);
    assertThat(device(id).quarantined() || device(id).denied()).isFalse();
    var again =
        (AccountsReply.DevicesAdded) ask(new AccountsRequest.AddDevices(ann, product, List.of(id)));
    assertThat(again.existing()).containsExactly(id);
    assertThat(ask(new AccountsRequest.RemoveDevice(ann, product, id, true)))
        .isInstanceOf(AccountsReply.NotFound.class);

    int other = product(ann);
    ask(new AccountsRequest.RemoveDevice(ann, product, id, false));
    assertThat(device(id).product()).isZero();
    var moved =
        (AccountsReply.DevicesAdded) ask(new AccountsRequest.AddDevices(ann, other, List.of(id)));
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
    accounts.execute(
        "INSERT INTO accounts.product_authority (id, product, fingerprint, certificate)"
            + " VALUES ('%d/a', %d, 'a', '')".formatted(product, product));
    ask(new AccountsRequest.SetQuarantine(ann, product, true));
    // One after the other would take too long; they need not come through the feed.
    accounts.execute(
        "ALTER TABLE accounts.device DISABLE TRIGGER USER;"
            + " INSERT INTO accounts.device (id, owner, product, secret_hash, quarantined)"
            + " SELECT lpad(to_hex(i), 24, '0'), '%s', %d, '', true".formatted(ann, product)
            + " FROM generate_series(1, 10000) AS i;"
            + " ALTER TABLE accounts.device ENABLE TRIGGER USER");
    var register = new AccountsRequest.RegisterDevice(DeviceId.create(), product, "a");
    assertThat(ask(register))
        .isEqualTo(new AccountsReply.RegistrationRefused(Reason.QUARANTINE_FULL));
    var first = DeviceId.of("000000000000000000000001");
    ask(new AccountsRequest.RemoveDevice(ann, product, first, false));
    assertThat(ask(register)).isInstanceOf(AccountsReply.DeviceRegistered.class);
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
        ((AccountsReply.DevicesCreated)
                ask(new AccountsRequest.CreateDevices(ann, product(ann), 1)))
            .devices()
            .getFirst()
            .id();

    assertThat(ask(new AccountsRequest.ClaimDevice(ben, device)))
        .isEqualTo(
            new AccountsReply.ClaimRefused(AccountsReply.ClaimRefused.Reason.BELONGS_TO_ANOTHER));
    assertThat(ask(new AccountsRequest.ClaimDevice(ben, DeviceId.create())))
        .isEqualTo(new AccountsReply.ClaimRefused(AccountsReply.ClaimRefused.Reason.UNKNOWN));
    assertThat(ask(new AccountsRequest.EditDevice(ben, device, "mine", null)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new AccountsRequest.ReleaseDevice(ben, device)))
        .isInstanceOf(AccountsReply.NotFound.class);
    assertThat(ask(new AccountsRequest.ReleaseDevice(ann, device)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(ask(new AccountsRequest.ClaimDevice(ben, device)))
        .isInstanceOf(AccountsReply.Claimed.class);
    assertThat(ask(new AccountsRequest.EditDevice(ben, device, "mine", null)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(changes("device", device.toString())).hasSize(4);
  }

  @Test
  void answersWithinASecondWithoutADatabaseAndRecovers() throws Exception {
    server.stop();
    ask(new PeopleRequest.SignUp(newEmail(), "correct horse", "{}"));
    long before = System.nanoTime();
    assertThat(ask(new PeopleRequest.RevokeToken("none")))
        .isInstanceOf(PeopleReply.DatabaseDown.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
    server.restart();

    await()
        .atMost(LIMIT)
        .until(
            () ->
                ask(new PeopleRequest.SignUp(newEmail(), "correct horse", "{}"))
                    instanceof PeopleReply.SignedUp);
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
        quick.add(node.bus().ask(new AccountsRequest.CreateProduct(ann, "quick", "", 0), LIMIT));
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
