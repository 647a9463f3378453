package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.accounts.login.OneTimePasswords;
import io.starling.accounts.login.Tickets;
import io.starling.contract.AccountId;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthReply.DeviceWaits.Why;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OAuthReply.SignInRefused.Reason;
import io.starling.contract.OAuthRequest;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens that people grant, and when tokens were used, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class GrantsIT {
  // The example of RFC 7636, appendix B.
  private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  private static final String URI = "https://app.example/back";
  private static final List<String> LIST = List.of(Scope.DEVICES_LIST.text());
  private static final AtomicInteger PLACES = new AtomicInteger();

  private final AccountsNode accounts;
  private final String email = AccountsNode.newEmail();
  private final String place = "10.1.0." + PLACES.incrementAndGet();
  private AccountId account;

  GrantsIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void somebody() throws Exception {
    account = accounts.person(email);
  }

  private OAuthRequest.SignIn who(String password, String otp) {
    return new OAuthRequest.SignIn(email, password, otp, place, "");
  }

  private OAuthRequest.SignIn who() {
    return who(AccountsNode.PASSWORD, "");
  }

  private OAuthReply.GrantCodeReply grant(OAuthRequest.SignIn who) throws Exception {
    return accounts.ask(new OAuthRequest.GrantCode(who, "app", URI, CHALLENGE, LIST));
  }

  private String code() throws Exception {
    return ((OAuthReply.CodeGranted) grant(who())).code();
  }

  private OAuthReply.ExchangeReply exchange(String code) throws Exception {
    return accounts.ask(new OAuthRequest.ExchangeCode(code, "app", URI, VERIFIER, 3_600));
  }

  private OAuthReply.TokensGranted exchanged(String code) throws Exception {
    return (OAuthReply.TokensGranted) exchange(code);
  }

  private boolean isGood(OAuthReply.TokensGranted granted) {
    return accounts.changes("token", Secrets.hash(granted.token())).getLast().row() != null;
  }

  private OAuthReply.DeviceBegun begin() throws Exception {
    return (OAuthReply.DeviceBegun) accounts.ask(new OAuthRequest.BeginDevice("tool", LIST));
  }

  private OAuthReply.ExchangeReply poll(OAuthReply.DeviceBegun begun) throws Exception {
    return accounts.ask(new OAuthRequest.ExchangeDevice(begun.deviceCode(), "tool", 60));
  }

  private OAuthReply.DecideDeviceReply decide(String userCode, boolean allowed) throws Exception {
    return accounts.ask(new OAuthRequest.DecideDevice(who(), userCode, allowed));
  }

  private static OAuthReply.DeviceWaits waits(Why why) {
    return new OAuthReply.DeviceWaits(why);
  }

  @Test
  void aCodeGivesTokensOfThePersonForTheScopes() throws Exception {
    var granted = exchanged(code());
    assertThat(granted.scopes()).isEqualTo(LIST);
    assertThat(granted.refreshToken()).matches("[0-9a-f]{40}");
    var row = accounts.changes("token", Secrets.hash(granted.token())).getLast().row();
    var token = (Entry.Token) Entry.of("token", Objects.requireNonNull(row));
    assertThat(Objects.requireNonNull(token).account()).isEqualTo(account);
    assertThat(token.client()).isEqualTo("app");
    assertThat(token.scopes()).containsExactly(Scope.DEVICES_LIST);
    assertThat(token.expiresAt()).isBefore(Instant.now().plusSeconds(3_700));
  }

  @ParameterizedTest
  @CsvSource({
    "other, https://app.example/back, dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "app, https://app.example/other, dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "app, https://app.example/back, xBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
  })
  void aCodeIsGoodForItsClientAndItsUriAndItsVerifierOnly(
      String client, String uri, String verifier) throws Exception {
    String code = code();
    assertThat(accounts.ask(new OAuthRequest.ExchangeCode(code, client, uri, verifier, 60)))
        .isEqualTo(new OAuthReply.CodeInvalid());
    assertThat(exchange(code)).isInstanceOf(OAuthReply.TokensGranted.class);
  }

  @Test
  void aCodeThatComesBackRevokesWhatItGaveAndWhatFollowed() throws Exception {
    String code = code();
    var first = exchanged(code);
    var other = exchanged(code());
    var next =
        (PeopleReply.LoggedIn)
            accounts.ask(
                new PeopleRequest.Refresh(
                    Objects.requireNonNull(first.refreshToken()), "app", place));
    assertThat(exchange(code)).isEqualTo(new OAuthReply.CodeInvalid());
    assertThat(accounts.changes("token", Secrets.hash(next.token())).getLast().row()).isNull();
    assertThat(isGood(other)).isTrue();
    assertThat(exchange(code)).isEqualTo(new OAuthReply.CodeInvalid());
  }

  @Test
  void aCodeIsGoodForAMinuteAndKeptAsAHash() throws Exception {
    String code = code();
    assertThat(
            accounts.value(
                "SELECT hash FROM accounts.authorization_code WHERE account = '%s'"
                    .formatted(account)))
        .isEqualTo(Secrets.hash(code));
    age("authorization_code", code, 61);
    assertThat(exchange(code)).isEqualTo(new OAuthReply.CodeInvalid());
    assertThat(exchange("none")).isEqualTo(new OAuthReply.CodeInvalid());
  }

  private void age(String table, String code, int seconds) throws Exception {
    accounts.execute(
        "UPDATE accounts.%s SET created_at = created_at - interval '%d s' WHERE hash = '%s'"
            .formatted(table, seconds, Secrets.hash(code)));
  }

  @Test
  void whatWaitsEndsWithTheOtherTokens() throws Exception {
    String code = code();
    var begun = begin();
    assertThat(decide(begun.userCode(), true)).isEqualTo(new OAuthReply.DeviceDecided());
    accounts.ask(new PeopleRequest.RevokeAllTokens(account));
    assertThat(exchange(code)).isEqualTo(new OAuthReply.CodeInvalid());
    assertThat(poll(begun)).isEqualTo(new OAuthReply.CodeInvalid());
  }

  @Test
  void wrongPasswordsCountAsAtLogIn() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(grant(who("wrong", ""))).isEqualTo(new SignInRefused(Reason.CREDENTIALS, 0));
    }
    assertThat(((SignInRefused) grant(who())).reason()).isEqualTo(Reason.TOO_MANY);
    assertThat(
            accounts.ask(
                new PeopleRequest.LogIn(email, AccountsNode.PASSWORD, "particle", place, 60)))
        .isInstanceOf(PeopleReply.TooManyAttempts.class);
  }

  @Test
  void whoHasOneTimePasswordsNeedsOne() throws Exception {
    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    var passwords = new OneTimePasswords(started.secret());
    accounts.ask(new PeopleRequest.EnrolMfa(account, started.mfaToken(), passwords.next(), false));

    for (int i = 0; i < 6; i++) {
      assertThat(grant(who())).isEqualTo(new SignInRefused(Reason.OTP_NEEDED, 0));
    }
    assertThat(grant(who(AccountsNode.PASSWORD, passwords.old())))
        .isEqualTo(new SignInRefused(Reason.OTP, 0));
    String good = passwords.next();
    assertThat(grant(who("wrong", good))).isEqualTo(new SignInRefused(Reason.CREDENTIALS, 0));
    assertThat(grant(who(AccountsNode.PASSWORD, good))).isInstanceOf(OAuthReply.CodeGranted.class);
    assertThat(grant(who(AccountsNode.PASSWORD, good))).isEqualTo(new SignInRefused(Reason.OTP, 0));
  }

  private String ticket() throws Exception {
    return AccountsNode.get(
        accounts
            .database()
            .withTransaction(connection -> new Tickets().issue(connection, account)));
  }

  private OAuthReply.GrantCodeReply grantBy(String ticket) throws Exception {
    return grant(new OAuthRequest.SignIn("nobody@example.org", "", "", place, ticket));
  }

  @Test
  void aTicketStandsForAllPasswordsOnceAndIsKeptAsAHash() throws Exception {
    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    var passwords = new OneTimePasswords(started.secret());
    accounts.ask(new PeopleRequest.EnrolMfa(account, started.mfaToken(), passwords.next(), false));
    String ticket = ticket();
    assertThat(accounts.value("SELECT hash FROM accounts.ticket")).isEqualTo(Secrets.hash(ticket));

    var granted = exchanged(((OAuthReply.CodeGranted) grantBy(ticket)).code());
    var row = accounts.changes("token", Secrets.hash(granted.token())).getLast().row();
    assertThat(Objects.requireNonNull(row)).contains(account.toString());
    assertThat(grantBy(ticket)).isEqualTo(new SignInRefused(Reason.TICKET, 0));
    assertThat(grantBy("none")).isEqualTo(new SignInRefused(Reason.TICKET, 0));
  }

  @Test
  void ofTwoWhoShowATicketAtOnceOneIsIn() throws Exception {
    for (int i = 0; i < 5; i++) {
      var who = new OAuthRequest.SignIn("", "", "", place, ticket());
      var request = new OAuthRequest.GrantCode(who, "app", URI, CHALLENGE, LIST);
      var bus = accounts.node().bus();
      var replies =
          AccountsNode.get(
              Future.join(
                  bus.ask(request, AccountsNode.LIMIT), bus.ask(request, AccountsNode.LIMIT)));
      assertThat(replies.<OAuthReply>list())
          .filteredOn(OAuthReply.CodeGranted.class::isInstance)
          .hasSize(1);
    }
  }

  @Test
  void aTicketIsGoodForFiveMinutesAndEndsWithTheAccountAndItsTokens() throws Exception {
    String young = ticket();
    age("ticket", young, 290);
    assertThat(grantBy(young)).isInstanceOf(OAuthReply.CodeGranted.class);
    String old = ticket();
    age("ticket", old, 301);
    assertThat(grantBy(old)).isEqualTo(new SignInRefused(Reason.TICKET, 0));

    String revoked = ticket();
    accounts.ask(new PeopleRequest.RevokeAllTokens(account));
    assertThat(grantBy(revoked)).isEqualTo(new SignInRefused(Reason.TICKET, 0));
    String last = ticket();
    accounts.execute(
        "UPDATE accounts.account SET kind = 'program' WHERE id = '%s'".formatted(account));
    assertThat(grantBy(last)).isEqualTo(new SignInRefused(Reason.TICKET, 0));
    accounts.execute("DELETE FROM accounts.account WHERE id = '%s'".formatted(account));
    assertThat(grantBy(last)).isEqualTo(new SignInRefused(Reason.TICKET, 0));
  }

  @Test
  void aDeviceWaitsForItsPersonAndGetsTokensOnce() throws Exception {
    var begun = begin();
    assertThat(begun.userCode()).matches("[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}");
    assertThat(begun.lifetimeSeconds()).isEqualTo(600);
    assertThat(begun.intervalSeconds()).isEqualTo(5);
    assertThat(poll(begun)).isEqualTo(waits(Why.AUTHORIZATION_PENDING));

    String typed = begun.userCode().toLowerCase(java.util.Locale.ROOT).replace('-', ' ');
    assertThat(accounts.ask(new OAuthRequest.FindDevice(typed, place)))
        .isEqualTo(new OAuthReply.DeviceFound("tool", LIST));
    assertThat(decide(typed, true)).isEqualTo(new OAuthReply.DeviceDecided());
    assertThat(decide(typed, false)).isEqualTo(new OAuthReply.CodeInvalid());
    assertThat(accounts.ask(new OAuthRequest.ExchangeDevice(begun.deviceCode(), "thief", 60)))
        .isEqualTo(new OAuthReply.CodeInvalid());
    var granted = (OAuthReply.TokensGranted) poll(begun);
    assertThat(granted.scopes()).isEqualTo(LIST);
    assertThat(isGood(granted)).isTrue();
    assertThat(poll(begun)).isEqualTo(new OAuthReply.CodeInvalid());
  }

  @Test
  void aDeviceThatAsksTooSoonIsToWaitLongerEachTime() throws Exception {
    var begun = begin();
    assertThat(poll(begun)).isEqualTo(waits(Why.AUTHORIZATION_PENDING));
    assertThat(poll(begun)).isEqualTo(waits(Why.SLOW_DOWN));
    asked(begun, 9);
    assertThat(poll(begun)).isEqualTo(waits(Why.SLOW_DOWN));
    asked(begun, 16);
    assertThat(poll(begun)).isEqualTo(waits(Why.AUTHORIZATION_PENDING));
  }

  private void asked(OAuthReply.DeviceBegun begun, int secondsAgo) throws Exception {
    accounts.execute(
        "UPDATE accounts.device_code SET asked_at = now() - interval '%d s' WHERE hash = '%s'"
            .formatted(secondsAgo, Secrets.hash(begun.deviceCode())));
  }

  @Test
  void aDeviceIsToldThatItWasRefusedOrTooLate() throws Exception {
    var refused = begin();
    assertThat(decide(refused.userCode(), false)).isEqualTo(new OAuthReply.DeviceDecided());
    assertThat(poll(refused)).isEqualTo(waits(Why.ACCESS_DENIED));

    var late = begin();
    age("device_code", late.deviceCode(), 601);
    assertThat(decide(late.userCode(), true)).isEqualTo(new OAuthReply.CodeInvalid());
    assertThat(poll(late)).isEqualTo(waits(Why.EXPIRED_TOKEN));
  }

  @Test
  void whoGuessesUserCodesIsSlowedDown() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(accounts.ask(new OAuthRequest.FindDevice("BBBBBBBB", place)))
          .isEqualTo(new OAuthReply.CodeInvalid());
      assertThat(decide("BBBB-BBBB", true)).isEqualTo(new OAuthReply.CodeInvalid());
    }
    assertThat(accounts.ask(new OAuthRequest.FindDevice(begin().userCode(), place)))
        .isInstanceOf(OAuthReply.TooManyGuesses.class);
    assertThat(decide(begin().userCode(), true)).isInstanceOf(OAuthReply.TooManyGuesses.class);
  }

  @Test
  void aClientRevokesItsOwnTokensOnly() throws Exception {
    var granted = exchanged(code());
    String refresh = Objects.requireNonNull(granted.refreshToken());
    accounts.ask(new OAuthRequest.RevokeOwn(Secrets.hash(granted.token()), "other"));
    accounts.ask(new OAuthRequest.RevokeOwn(Secrets.hash(refresh), "other"));
    assertThat(isGood(granted)).isTrue();
    accounts.ask(new OAuthRequest.RevokeOwn(Secrets.hash(refresh), "app"));
    assertThat(isGood(granted)).isFalse();
  }

  private List<PeopleReply.TokenLine> tokens() throws Exception {
    return ((PeopleReply.TokensFound)
            accounts.ask(new PeopleRequest.ListTokens(email, AccountsNode.PASSWORD, "", place)))
        .tokens();
  }

  private void used(String token, long atMillis) throws Exception {
    accounts.ask(
        new OAuthRequest.NoteUses(
            List.of(Secrets.hash(token), Secrets.hash("nobody's")), atMillis));
  }

  @Test
  void aTokenIsListedWithWhenItWasMadeAndLastUsed() throws Exception {
    String token = exchanged(code()).token();
    assertThat(tokens().getFirst().lastUsedAtMillis()).isNull();
    assertThat(tokens().getFirst().createdAtMillis())
        .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 1_000);

    long then = 1_767_323_045_678L;
    used(token, then);
    assertThat(tokens().getFirst().lastUsedAtMillis()).isEqualTo(then);
    used(token, then + 599_000);
    used(token, then - 3_600_000);
    assertThat(tokens().getFirst().lastUsedAtMillis()).isEqualTo(then);
    used(token, then + 600_000);
    assertThat(tokens().getFirst().lastUsedAtMillis()).isEqualTo(then + 600_000);
    assertThat(accounts.directory().changes().toString()).doesNotContain("used_at");
    accounts.ask(new PeopleRequest.RevokeToken(Secrets.hash(token)));
    assertThat(accounts.value("SELECT count(*) FROM accounts.token_use")).isEqualTo("0");
  }
}
