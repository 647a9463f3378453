package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.accounts.login.OneTimePasswords;
import io.starling.accounts.passkey.Authenticator;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OAuthReply.SignInRefused.Reason;
import io.starling.contract.OAuthRequest;
import io.starling.contract.PasskeysReply;
import io.starling.contract.PasskeysReply.PasskeyRefused;
import io.starling.contract.PasskeysRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passkeys and signing in by them, on a real PostgreSQL, by an authenticator in software. */
@ExtendWith(AccountsExtension.class)
class PasskeysIT {
  private static final String ORIGIN = "https://api.example.org:8443";
  private static final String PARTY = "api.example.org";
  private static final AtomicInteger PLACES = new AtomicInteger();

  /** Of the same database as the one of the class, with a name. */
  private static AccountsNode accounts;

  private final AccountsNode unnamed;
  private String email = "";
  private String place = "";
  private AccountId account = AccountId.create();

  PasskeysIT(AccountsNode unnamed) {
    this.unnamed = unnamed;
  }

  @BeforeAll
  static void start(AccountsNode unnamed) throws Exception {
    var name = Map.of("STARLING_MAIL_LINKS", ORIGIN + "/");
    accounts = new AccountsNode(unnamed.server(), unnamed.data(), name);
  }

  @AfterAll
  static void end() throws Exception {
    accounts.close();
  }

  @BeforeEach
  void somebody() throws Exception {
    email = AccountsNode.newEmail();
    place = "10.2.0." + PLACES.incrementAndGet();
    account = accounts.person(email);
  }

  private static Authenticator authenticator() throws Exception {
    return new Authenticator(ORIGIN, PARTY);
  }

  private OAuthRequest.SignIn who(String password, String otp, String ticket) {
    return new OAuthRequest.SignIn(email, password, otp, place, ticket);
  }

  private PasskeysReply.BeginReply begin(OAuthRequest.SignIn who) throws Exception {
    return accounts.ask(new PasskeysRequest.BeginPasskey(account, who));
  }

  private String options() throws Exception {
    return ((PasskeysReply.PasskeyBegun) begin(who(AccountsNode.PASSWORD, "", ""))).options();
  }

  private PasskeysReply.AddReply add(String credential) throws Exception {
    return accounts.ask(new PasskeysRequest.AddPasskey(account, "My key", credential));
  }

  private PasskeysReply.Told added(Authenticator authenticator) throws Exception {
    return ((PasskeysReply.PasskeyKept) add(authenticator.create(options()))).passkey();
  }

  private Authenticator registered() throws Exception {
    var authenticator = authenticator();
    var _ = added(authenticator);
    return authenticator;
  }

  private List<PasskeysReply.Told> list() throws Exception {
    return ((PasskeysReply.PasskeysFound) accounts.ask(new PasskeysRequest.ListPasskeys(account)))
        .passkeys();
  }

  private String challenge() throws Exception {
    return ((PasskeysReply.PasskeyBegun) accounts.ask(new PasskeysRequest.BeginSignIn())).options();
  }

  private PasskeysReply.SignInReply signIn(String credential) throws Exception {
    return accounts.ask(new PasskeysRequest.SignInByPasskey(credential));
  }

  private PasskeysReply.SignInReply signIn(Authenticator authenticator) throws Exception {
    return signIn(authenticator.get(challenge()));
  }

  private String ticket(Authenticator authenticator) throws Exception {
    return ((PasskeysReply.PasskeySignedIn) signIn(authenticator)).ticket();
  }

  @ParameterizedTest
  @EnumSource
  void whoHasAPasskeySignsInToATokenWithoutAnyPassword(Authenticator.Kind kind) throws Exception {
    var authenticator = new Authenticator(ORIGIN, PARTY, kind);
    var told = added(authenticator);
    assertThat(list()).containsExactly(told);
    assertThat(told.lastUsedAtMillis()).isNull();

    var in = (PasskeysReply.PasskeySignedIn) signIn(authenticator);
    assertThat(in.email()).isEqualTo(email);
    String challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    String verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    var granted =
        (OAuthReply.CodeGranted)
            accounts.ask(
                new OAuthRequest.GrantCode(
                    who("", "", in.ticket()), "app", "https://app.example/", challenge, List.of()));
    assertThat(
            accounts.ask(
                new OAuthRequest.ExchangeCode(
                    granted.code(), "app", "https://app.example/", verifier, 60)))
        .isInstanceOf(OAuthReply.TokensGranted.class);
    assertThat(list().getFirst().lastUsedAtMillis()).isNotNull();
    assertThat(accounts.directory().changes().toString()).doesNotContain("attested");
  }

  @Test
  void theOptionsAskForAVerifiedUserAndLeaveOutWhatThereIs() throws Exception {
    var authenticator = registered();
    var options = new JsonObject(options());
    assertThat(options.getJsonObject("rp").getString("id")).isEqualTo(PARTY);
    assertThat(options.getJsonObject("user").getString("name")).isEqualTo(email);
    assertThat(
            options.getJsonArray("pubKeyCredParams").stream()
                .map(it -> ((JsonObject) it).getInteger("alg")))
        .containsExactly(-7, -8, -257);
    assertThat(options.getJsonObject("authenticatorSelection").getString("userVerification"))
        .isEqualTo("required");
    assertThat(options.getJsonObject("authenticatorSelection").getString("residentKey"))
        .isEqualTo("required");
    var there = new JsonObject(authenticator.get(challenge())).getString("id");
    assertThat(options.getJsonArray("excludeCredentials").getJsonObject(0).getString("id"))
        .isEqualTo(there);
    var request = new JsonObject(challenge());
    assertThat(request.getString("userVerification")).isEqualTo("required");
    assertThat(request.getString("rpId")).isEqualTo(PARTY);
    assertThat(request.getJsonArray("allowCredentials")).isEmpty();
  }

  @Test
  void whoDoesNotShowAllPasswordsGetsNoOptions() throws Exception {
    assertThat(begin(who("wrong horse", "", ""))).isEqualTo(refused(Reason.CREDENTIALS));
    assertThat(begin(who("", "", "none"))).isEqualTo(refused(Reason.TICKET));
    // Somebody else's password, or ticket, shows who that is.
    String other = AccountsNode.newEmail();
    var _ = accounts.person(other);
    assertThat(begin(new OAuthRequest.SignIn(other, AccountsNode.PASSWORD, "", place, "")))
        .isEqualTo(refused(Reason.CREDENTIALS));

    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    var passwords = new OneTimePasswords(started.secret());
    accounts.ask(new PeopleRequest.EnrolMfa(account, started.mfaToken(), passwords.next(), false));
    assertThat(begin(who(AccountsNode.PASSWORD, "", ""))).isEqualTo(refused(Reason.OTP_NEEDED));
    assertThat(begin(who(AccountsNode.PASSWORD, passwords.old(), "")))
        .isEqualTo(refused(Reason.OTP));
    assertThat(begin(who(AccountsNode.PASSWORD, passwords.next(), "")))
        .isInstanceOf(PasskeysReply.PasskeyBegun.class);
  }

  private static SignInRefused refused(Reason reason) {
    return new SignInRefused(reason, 0);
  }

  @Test
  void aPasskeyIsWorthThePasswordsAlsoWhenAnotherIsAdded() throws Exception {
    var first = registered();
    var begun = (PasskeysReply.PasskeyBegun) begin(who("", "", ticket(first)));
    assertThat(add(authenticator().create(begun.options())))
        .isInstanceOf(PasskeysReply.PasskeyKept.class);
    String ticket = ticket(first);
    account = accounts.person(AccountsNode.newEmail());
    assertThat(begin(who("", "", ticket))).isEqualTo(refused(Reason.TICKET));
  }

  @Test
  void aChallengeIsGoodOnce() throws Exception {
    var authenticator = registered();
    String signed = authenticator.get(challenge());
    assertThat(signIn(signed)).isInstanceOf(PasskeysReply.PasskeySignedIn.class);
    assertThat(signIn(signed)).isEqualTo(new PasskeyRefused());

    String options = options();
    assertThat(add(authenticator().create(options))).isInstanceOf(PasskeysReply.PasskeyKept.class);
    assertThat(add(authenticator().create(options))).isEqualTo(new PasskeyRefused());
    // Also if what it was used for did not hold.
    String challenge = challenge();
    authenticator.verifies = false;
    assertThat(signIn(authenticator.get(challenge))).isEqualTo(new PasskeyRefused());
    authenticator.verifies = true;
    assertThat(signIn(authenticator.get(challenge))).isEqualTo(new PasskeyRefused());
  }

  @Test
  void aChallengeIsGoodForWhatItWasMadeAndForFiveMinutes() throws Exception {
    var authenticator = registered();
    assertThat(signIn(authenticator.get(options()))).isEqualTo(new PasskeyRefused());
    // One that nobody showed a password for makes no passkey.
    var user = new JsonObject().put("id", "AAAA");
    assertThat(add(authenticator().create(new JsonObject(challenge()).put("user", user).encode())))
        .isEqualTo(new PasskeyRefused());
    String mine = options();
    somebody();
    assertThat(add(authenticator().create(mine))).isEqualTo(new PasskeyRefused());
    var own = new JsonObject(challenge()).put("challenge", "b3du").encode();
    assertThat(signIn(authenticator.get(own))).isEqualTo(new PasskeyRefused());

    String late = authenticator.get(challenge());
    String lateNew = authenticator().create(options());
    accounts.execute(
        "UPDATE accounts.passkey_challenge SET created_at = now() - interval '301 seconds'");
    assertThat(signIn(late)).isEqualTo(new PasskeyRefused());
    assertThat(add(lateNew)).isEqualTo(new PasskeyRefused());
  }

  @Test
  void oldChallengesGoByThemselvesAndNoMoreAreMadeThanThereMayBe() throws Exception {
    accounts.execute(
        "INSERT INTO accounts.passkey_challenge (hash, created_at) SELECT 'old' || i,"
            + " now() - interval '1 hour' FROM generate_series(1, 150) AS i");
    var _ = challenge();
    var _ = challenge();
    String count = "SELECT count(*) FROM accounts.passkey_challenge WHERE hash LIKE 'old%'";
    assertThat(accounts.value(count)).isEqualTo("0");
    accounts.execute(
        "INSERT INTO accounts.passkey_challenge (hash) SELECT 'new' || i"
            + " FROM generate_series(1, 100000) AS i");
    assertThat(accounts.ask(new PasskeysRequest.BeginSignIn()))
        .isEqualTo(new PasskeysReply.TooManyChallenges());
    assertThat(begin(who(AccountsNode.PASSWORD, "", "")))
        .isEqualTo(new PasskeysReply.TooManyChallenges());
    accounts.execute("DELETE FROM accounts.passkey_challenge");
  }

  /** What an authenticator, or who stands between, may have otherwise. */
  enum Wrong {
    OTHER_ORIGIN,
    OTHER_PORT,
    UNENCRYPTED,
    OTHER_PARTY,
    IN_A_FRAME,
    NOT_VERIFIED,
    OTHER_KEY,
    OTHER_CREDENTIAL,
    NO_USER,
    OTHER_USER,
    SYNCED_NOW;

    Authenticator of(Authenticator right) throws Exception {
      var wrong = this == OTHER_KEY ? authenticator() : right;
      wrong.credential = right.credential;
      wrong.user = right.user;
      switch (this) {
        case OTHER_ORIGIN -> wrong.origin = "https://thief.example";
        case OTHER_PORT -> wrong.origin = "https://api.example.org";
        case UNENCRYPTED -> wrong.origin = "http://api.example.org:8443";
        case OTHER_PARTY -> wrong.party = "example.org";
        case IN_A_FRAME -> wrong.crossOrigin = true;
        case NOT_VERIFIED -> wrong.verifies = false;
        case OTHER_CREDENTIAL -> wrong.credential = new byte[] {1, 2, 3};
        case NO_USER -> wrong.user = new byte[0];
        case OTHER_USER ->
            wrong.user =
                AccountId.create().toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        case SYNCED_NOW -> wrong.synced = true;
        case OTHER_KEY -> {}
      }
      return wrong;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotHoldSignsNobodyIn(Wrong wrong) throws Exception {
    assertThat(signIn(wrong.of(registered()))).isEqualTo(new PasskeyRefused());
    assertThat(list().getFirst().lastUsedAtMillis()).isNull();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "OTHER_ORIGIN",
        "OTHER_PORT",
        "UNENCRYPTED",
        "OTHER_PARTY",
        "IN_A_FRAME",
        "NOT_VERIFIED"
      })
  void whatDoesNotHoldIsNotKept(Wrong wrong) throws Exception {
    assertThat(add(wrong.of(authenticator()).create(options()))).isEqualTo(new PasskeyRefused());
    assertThat(list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "{}",
        "{\"id\":7}",
        "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{},\"clientExtensionResults\":{}}",
        "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{\"clientDataJSON\":\"AA\",\"attestationObject\":\"AA\",\"authenticatorData\":\"AA\",\"signature\":\"AA\"},\"clientExtensionResults\":{}}"
      })
  void whatIsNoCredentialIsRefusedLikeAWrongOne(String text) throws Exception {
    assertThat(signIn(text)).isEqualTo(new PasskeyRefused());
    assertThat(add(text)).isEqualTo(new PasskeyRefused());
    String large = " ".repeat(PasskeysRequest.MAX_CREDENTIAL) + authenticator().create(options());
    assertThat(add(large)).isEqualTo(new PasskeyRefused());
  }

  @Test
  void aCounterThatGoesBackTellsOfACopyButForWhatIsSynced() throws Exception {
    var counting = authenticator();
    counting.count = 7;
    var _ = added(counting);
    assertThat(signIn(counting)).isEqualTo(new PasskeyRefused());
    counting.count = 9;
    assertThat(signIn(counting)).isInstanceOf(PasskeysReply.PasskeySignedIn.class);
    counting.count = 8;
    assertThat(signIn(counting)).isEqualTo(new PasskeyRefused());
    counting.count = 0;
    assertThat(signIn(counting)).isEqualTo(new PasskeyRefused());

    var synced = authenticator();
    synced.synced = true;
    synced.count = 7;
    var told = added(synced);
    assertThat(told.synced()).isTrue();
    assertThat(told.backedUp()).isTrue();
    synced.count = 3;
    assertThat(signIn(synced)).isInstanceOf(PasskeysReply.PasskeySignedIn.class);

    var never = registered();
    assertThat(signIn(never)).isInstanceOf(PasskeysReply.PasskeySignedIn.class);
    assertThat(signIn(never)).isInstanceOf(PasskeysReply.PasskeySignedIn.class);
  }

  @Test
  void aCredentialIsOfOneAccountOnly() throws Exception {
    var mine = registered();
    account = accounts.person(AccountsNode.newEmail());
    email = accounts.email(account);
    var theirs = authenticator();
    theirs.credential = mine.credential;
    assertThat(add(theirs.create(options()))).isEqualTo(new PasskeyRefused());
    assertThat(list()).isEmpty();
    // Nor does a key of one's own sign for the account of another.
    var own = registered();
    own.user = mine.user;
    assertThat(signIn(own)).isEqualTo(new PasskeyRefused());
  }

  @Test
  void whatIsRemovedSignsNobodyInAndIsThePersonsAlone() throws Exception {
    var authenticator = authenticator();
    String id = added(authenticator).id();
    var other = accounts.person(AccountsNode.newEmail());
    assertThat(accounts.ask(new PasskeysRequest.RemovePasskey(other, id)))
        .isEqualTo(new AccountsReply.NotFound());
    assertThat(accounts.ask(new PasskeysRequest.RenamePasskey(other, id, "x")))
        .isEqualTo(new AccountsReply.NotFound());
    var renamed =
        (PasskeysReply.PasskeyKept)
            accounts.ask(new PasskeysRequest.RenamePasskey(account, id, "Old phone"));
    assertThat(renamed.passkey()).isEqualTo(list().getFirst());
    assertThat(renamed.passkey().name()).isEqualTo("Old phone");

    assertThat(accounts.ask(new PasskeysRequest.RemovePasskey(account, id)))
        .isInstanceOf(AccountsReply.Written.class);
    assertThat(accounts.ask(new PasskeysRequest.RemovePasskey(account, id)))
        .isEqualTo(new AccountsReply.NotFound());
    assertThat(signIn(authenticator)).isEqualTo(new PasskeyRefused());
    assertThat(list()).isEmpty();
    // Mail leaves after the answer.
    await().until(() -> accounts.mailsTo(email).size() == 2);
    assertThat(accounts.mailsTo(email))
        .anyMatch(mail -> mail.contains("A passkey was added") && mail.contains("My key"))
        .anyMatch(mail -> mail.contains("A passkey was removed") && mail.contains("Old phone"))
        .hasSize(2);
  }

  @Test
  void allOfThisIsInTheAudit() throws Exception {
    String count = "SELECT count(*) FROM starling.audit WHERE operation LIKE 'passkeys.%'";
    int before = Integer.parseInt(accounts.value(count));
    String id = added(authenticator()).id();
    accounts.ask(new PasskeysRequest.RenamePasskey(account, id, "x"));
    accounts.ask(new PasskeysRequest.RemovePasskey(account, id));
    accounts.ask(new PasskeysRequest.RemovePasskey(account, id));
    assertThat(Integer.parseInt(accounts.value(count)) - before).isEqualTo(3);
  }

  @Test
  void whoIsGoneHasNoPasskeys() throws Exception {
    var authenticator = registered();
    String options = options();
    accounts.ask(new PeopleRequest.DeleteUser(account, AccountsNode.PASSWORD, place));
    assertThat(signIn(authenticator)).isEqualTo(new PasskeyRefused());
    assertThat(add(authenticator().create(options))).isEqualTo(new PasskeyRefused());
    assertThat(
            accounts.value(
                "SELECT count(*) FROM accounts.passkey WHERE account = '%s'".formatted(account)))
        .isEqualTo("0");
  }

  @Test
  void onlyPeopleHaveSome() throws Exception {
    var authenticator = registered();
    String options = options();
    accounts.execute(
        "UPDATE accounts.account SET kind = 'program' WHERE id = '%s'".formatted(account));
    assertThat(begin(who(AccountsNode.PASSWORD, "", ""))).isEqualTo(refused(Reason.CREDENTIALS));
    assertThat(add(authenticator().create(options))).isEqualTo(new PasskeyRefused());
    assertThat(signIn(authenticator)).isEqualTo(new PasskeyRefused());
  }

  @Test
  void anAccountHasTwentyAtMost() throws Exception {
    String inTime = options();
    for (int i = 0; i < PasskeysRequest.MOST - 1; i++) {
      var _ = registered();
    }
    String last = options();
    assertThat(add(authenticator().create(inTime))).isInstanceOf(PasskeysReply.PasskeyKept.class);
    assertThat(add(authenticator().create(last))).isEqualTo(new PasskeysReply.TooManyPasskeys());
    assertThat(begin(who(AccountsNode.PASSWORD, "", "")))
        .isEqualTo(new PasskeysReply.TooManyPasskeys());
    assertThat(list()).hasSize(PasskeysRequest.MOST);
  }

  @Test
  void aRegionWithoutANameOffersNone() throws Exception {
    assertThat(unnamed.ask(new PasskeysRequest.BeginSignIn()))
        .isEqualTo(new PasskeysReply.NotOffered());
    assertThat(
            unnamed.ask(
                new PasskeysRequest.BeginPasskey(account, who(AccountsNode.PASSWORD, "", ""))))
        .isEqualTo(new PasskeysReply.NotOffered());
  }

  @Test
  void nothingThatIsKeptOrPrintedTellsAChallengeOrATicket() throws Exception {
    var authenticator = registered();
    String options = challenge();
    byte[] challenge =
        java.util.Base64.getUrlDecoder().decode(new JsonObject(options).getString("challenge"));
    String text = new String(challenge, java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(text).matches("[0-9a-f]{40}");
    assertThat(accounts.value("SELECT string_agg(hash, ' ') FROM accounts.passkey_challenge"))
        .doesNotContain(text);
    var in = (PasskeysReply.PasskeySignedIn) signIn(authenticator.get(options));
    assertThat(Objects.toString(in)).doesNotContain(in.ticket());
  }
}
