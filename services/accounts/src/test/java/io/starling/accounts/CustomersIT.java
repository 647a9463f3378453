package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.CustomersReply;
import io.starling.contract.CustomersRequest;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesReply.ClaimRefused;
import io.starling.contract.DevicesReply.ClaimRefused.Reason;
import io.starling.contract.DevicesRequest;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Request;
import io.starling.directory.Secrets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Customers of products, and how devices come to them, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class CustomersIT {
  private static final String PASSWORD = AccountsNode.PASSWORD;

  private final AccountsNode node;
  private final String email = AccountsNode.newEmail();
  private AccountId owner = AccountId.create();
  private int product;
  private String client = "";

  CustomersIT(AccountsNode node) {
    this.node = node;
  }

  @BeforeEach
  void aProductWithAClient() throws Exception {
    owner = node.person();
    product = node.product(owner);
    client = client(product);
  }

  private String client(int product) throws Exception {
    var create = new PeopleRequest.CreateClient(owner, product, "App", "installed", null, true);
    return ((PeopleReply.ClientCreated) node.ask(create)).id();
  }

  private CustomersReply.CreateReply create(String client, String email) throws Exception {
    return node.ask(new CustomersRequest.CreateCustomer(client, email, PASSWORD, 3_600));
  }

  private PeopleReply.LoggedIn customer(String email) throws Exception {
    return (PeopleReply.LoggedIn) create(client, email);
  }

  private PeopleReply.LogInReply logIn(String client, String password) throws Exception {
    return node.ask(new CustomersRequest.LogIn(client, email, password, "192.0.2.1", 3_600));
  }

  private boolean isGood(PeopleReply.LoggedIn in) {
    return node.changes("token", Secrets.hash(in.token())).getLast().row() != null;
  }

  private DeviceId device() throws Exception {
    return node.devices(owner, product, 1).getFirst();
  }

  private String code(AccountId account) throws Exception {
    return ((DevicesReply.ClaimCodeCreated) node.ask(new DevicesRequest.CreateClaimCode(account)))
        .code();
  }

  private String label(DeviceId device) throws Exception {
    return ((DevicesReply.ClaimSecretCreated)
            node.ask(new DevicesRequest.CreateClaimSecret(owner, product, device)))
        .secret();
  }

  private DevicesReply.ClaimReply claim(AccountId account, DeviceId device, String secret)
      throws Exception {
    return node.ask(new DevicesRequest.ClaimBySecret(account, device, secret, "192.0.2.2"));
  }

  @Test
  void anAddressIsOneCustomersOfEachProductAndAPersonsBesides() throws Exception {
    var here = customer(email);
    assertThat(create(client, email.toUpperCase(java.util.Locale.ROOT)))
        .isEqualTo(new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.IN_USE));
    var there = (PeopleReply.LoggedIn) create(client(node.product(owner)), email);
    assertThat(there.account()).isNotEqualTo(here.account());

    var person = node.person(email);
    assertThat(person).isNotIn(here.account(), there.account());
    assertThat(create("no-such-client", email)).isInstanceOf(PeopleReply.ClientNotFound.class);
  }

  @Test
  void aCustomersPasswordIsGoodForTheClientsOfItsProductAlone() throws Exception {
    var made = customer(email);
    var refresh =
        new PeopleRequest.Refresh(Objects.requireNonNull(made.refreshToken()), client, "192.0.2.1");
    assertThat(((PeopleReply.LoggedIn) node.ask(refresh)).account()).isEqualTo(made.account());
    assertThat(isGood(made)).isFalse();
    var in = (PeopleReply.LoggedIn) logIn(client, PASSWORD);
    assertThat(in.account()).isEqualTo(made.account());
    assertThat(node.changes("token", Secrets.hash(in.token())).getLast().row())
        .contains("\"product\": " + product);

    assertThat(logIn(client, "wrong password")).isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(logIn(client(node.product(owner)), PASSWORD))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(node.ask(new PeopleRequest.LogIn(email, PASSWORD, "particle", "192.0.2.1", 3_600)))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
  }

  @Test
  void whoHasNoPasswordGetsTokensFromTheClientOnly() throws Exception {
    assertThat(node.ask(new CustomersRequest.CreateCustomer(client, email, null, 3_600)))
        .isInstanceOf(PeopleReply.LoggedIn.class);
    assertThat(logIn(client, "")).isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(node.ask(new CustomersRequest.IssueToken(client, email, 60)))
        .isInstanceOf(PeopleReply.LoggedIn.class);
    assertThat(node.ask(new CustomersRequest.IssueToken(client, "x" + email, 60)))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
  }

  /** A password is hashed so often for this, and so it was answered. */
  private record Cost(double hashed, BusMessage answer) {}

  private <R extends BusMessage> Cost cost(Request<R> request) throws Exception {
    double before = node.hashed();
    var answer = node.ask(request);
    return new Cost(node.hashed() - before, answer);
  }

  private CustomersRequest.LogIn guess(String client, String email, String place) {
    return new CustomersRequest.LogIn(client, email, "wrong password", place, 3_600);
  }

  @Test
  void whoIsUnknownCostsAsMuchAsWhoIsKnown() throws Exception {
    var _ = customer(email);
    var _ = node.ask(new CustomersRequest.CreateCustomer(client, "none-" + email, null, 3_600));
    String person = AccountsNode.newEmail();
    var _ = node.person(person);

    for (String known : List.of(email, "none-" + email, "unknown-" + email)) {
      assertThat(cost(guess(client, known, "192.0.2.9")))
          .as(known)
          .isEqualTo(new Cost(1, new PeopleReply.CredentialsInvalid()));
    }
    assertThat(cost(guess("no-client", email, "192.0.2.9")))
        .isEqualTo(new Cost(1, new PeopleReply.CredentialsInvalid()));
    for (String known : List.of(person, "unknown-" + person)) {
      String place = "192.0.2.10";
      assertThat(cost(new PeopleRequest.LogIn(known, "wrong", "particle", place, 3_600)))
          .isEqualTo(new Cost(1, new PeopleReply.CredentialsInvalid()));
      assertThat(cost(new PeopleRequest.ListTokens(known, "wrong", "", place)))
          .isEqualTo(new Cost(1, new PeopleReply.CredentialsInvalid()));
      var who = new OAuthRequest.SignIn(known, "wrong", "", place, "");
      assertThat(cost(new OAuthRequest.GrantCode(who, "c", "https://a.b/", "x", List.of())))
          .isEqualTo(
              new Cost(
                  1, new OAuthReply.SignInRefused(OAuthReply.SignInRefused.Reason.CREDENTIALS, 0)));
      assertThat(cost(new PeopleRequest.ForgotPassword(known)).hashed()).isZero();
    }
  }

  @Test
  void whoGuessesWaitsWhetherThereIsSuchACustomerOrNot() throws Exception {
    var _ = customer(email);
    for (String known : List.of(email, "unknown-" + email)) {
      String place = known + " place";
      for (int i = 0; i < 10; i++) {
        assertThat(cost(guess(client, known, place)).hashed()).isEqualTo(1);
      }
      var locked = cost(guess(client, known, place));
      assertThat(locked.hashed()).isZero();
      assertThat(locked.answer()).isInstanceOf(PeopleReply.TooManyAttempts.class);
    }
  }

  @Test
  void aNewPasswordRevokesTheTokens() throws Exception {
    var made = customer(email);
    var set = new CustomersRequest.SetPassword(product, email, "a better password");
    assertThat(node.ask(set)).isInstanceOf(PeopleReply.Written.class);
    assertThat(isGood(made)).isFalse();
    assertThat(logIn(client, PASSWORD)).isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(logIn(client, "a better password")).isInstanceOf(PeopleReply.LoggedIn.class);
    assertThat(node.ask(new CustomersRequest.SetPassword(product, "x" + email, PASSWORD)))
        .isInstanceOf(CustomersReply.CustomerNotFound.class);
  }

  @Test
  void aDeletedCustomersTokensAreRevokedAndItsDevicesFree() throws Exception {
    var made = customer(email);
    var device = device();
    assertThat(show(device, code(made.account()))).isInstanceOf(DevicesReply.Claimed.class);
    assertThat(node.ask(new CustomersRequest.DeleteCustomer(product, email)))
        .isInstanceOf(PeopleReply.Written.class);
    assertThat(isGood(made)).isFalse();
    assertThat(node.device(device).custody()).isNull();
    assertThat(node.device(device).owner()).isEqualTo(owner);
    assertThat(node.ask(new CustomersRequest.DeleteCustomer(product, email)))
        .isInstanceOf(CustomersReply.CustomerNotFound.class);
  }

  private DevicesReply.ClaimReply show(DeviceId device, String code) throws Exception {
    return node.ask(new DevicesRequest.ShowClaimCode(device, code));
  }

  @Test
  void aClaimCodeGivesADeviceInStockToACustomerWhileItsOwnerStays() throws Exception {
    var ann = customer(email).account();
    var ben = customer(AccountsNode.newEmail()).account();
    var device = device();
    assertThat(show(device, code(ann))).isInstanceOf(DevicesReply.Claimed.class);
    assertThat(node.device(device).customer()).isEqualTo(ann);
    assertThat(node.device(device).owner()).isEqualTo(owner);

    for (var other : new AccountId[] {ben, node.person()}) {
      assertThat(show(device, code(other))).isEqualTo(new ClaimRefused(Reason.BELONGS_TO_ANOTHER));
      assertThat(node.device(device).customer()).isEqualTo(ann);
    }
    var elsewhere = node.devices(owner, node.product(owner), 1).getFirst();
    assertThat(show(elsewhere, code(ann))).isEqualTo(new ClaimRefused(Reason.UNKNOWN));
  }

  @Test
  void anIdAloneGivesACustomerOnlyWhatNobodyOwnsInItsProduct() throws Exception {
    var ann = customer(email).account();
    var device = device();
    assertThat(node.ask(new DevicesRequest.ClaimDevice(ann, device)))
        .isEqualTo(new ClaimRefused(Reason.BELONGS_TO_ANOTHER));
    assertThat(node.ask(new DevicesRequest.ReleaseDevice(owner, device)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(node.ask(new DevicesRequest.ClaimDevice(ann, device)))
        .isInstanceOf(DevicesReply.Claimed.class);
    assertThat(node.device(device).customer()).isEqualTo(ann);
    assertThat(node.device(device).owner()).isEqualTo(owner);
  }

  @Test
  void whatTakesADeviceToAnotherOwnerOrProductTakesItFromItsCustomer() throws Exception {
    var ann = customer(email).account();
    var stranger = node.person();
    for (var taken :
        new DevicesRequest[] {
          new DevicesRequest.FreeDevice(owner, product, device()),
          new DevicesRequest.ReleaseDevice(owner, device()),
          new DevicesRequest.RemoveDevice(owner, product, device(), false)
        }) {
      var id =
          switch (taken) {
            case DevicesRequest.FreeDevice free -> free.device();
            case DevicesRequest.ReleaseDevice release -> release.device();
            case DevicesRequest.RemoveDevice remove -> remove.device();
            default -> throw new IllegalStateException();
          };
      assertThat(show(id, code(ann))).isInstanceOf(DevicesReply.Claimed.class);
      assertThat(node.ask(new DevicesRequest.FreeDevice(stranger, product, id)))
          .isInstanceOf(AccountsReply.NotFound.class);
      assertThat(Objects.requireNonNull(node.device(id).custody()).customer()).isEqualTo(ann);
      switch (taken) {
        case DevicesRequest.FreeDevice free -> node.ask(free);
        case DevicesRequest.ReleaseDevice release -> node.ask(release);
        case DevicesRequest.RemoveDevice remove -> node.ask(remove);
        default -> throw new IllegalStateException();
      }
      assertThat(node.device(id).custody()).as("%s", taken).isNull();
    }
  }

  @Test
  void aLabelIsGoodOnceAndAWrongOneIsAsGoodAsAnUnknownDevice() throws Exception {
    var ann = customer(email).account();
    var ben = node.person();
    var device = device();
    String secret = label(device);
    assertThat(
            node.value("SELECT count(*) FROM accounts.claim_secret WHERE hash = '" + secret + "'"))
        .isEqualTo("0");
    assertThat(claim(ann, device, "wrong")).isEqualTo(claim(ann, DeviceId.create(), secret));
    assertThat(claim(ann, device, secret)).isInstanceOf(DevicesReply.Claimed.class);
    assertThat(node.device(device).customer()).isEqualTo(ann);
    assertThat(claim(ben, device, secret)).isEqualTo(new ClaimRefused(Reason.CODE_INVALID));

    var other = device();
    String first = label(other);
    String second = label(other);
    assertThat(claim(ben, other, first)).isEqualTo(new ClaimRefused(Reason.CODE_INVALID));
    assertThat(claim(ben, other, second)).isInstanceOf(DevicesReply.Claimed.class);
    assertThat(node.device(other).owner()).isEqualTo(ben);
    assertThat(node.ask(new DevicesRequest.CreateClaimSecret(ben, product, other)))
        .isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void whoGuessesLabelsWaits() throws Exception {
    var ann = customer(email).account();
    var device = device();
    String secret = label(device);
    for (int i = 0; i < 10; i++) {
      assertThat(node.ask(new DevicesRequest.ClaimBySecret(ann, device, "guess" + i, "192.0.2.9")))
          .isEqualTo(new ClaimRefused(Reason.CODE_INVALID));
    }
    assertThat(node.ask(new DevicesRequest.ClaimBySecret(ann, device, secret, "192.0.2.9")))
        .isInstanceOf(DevicesReply.TooManyGuesses.class);
    assertThat(node.device(device).custody()).isNull();
  }
}
