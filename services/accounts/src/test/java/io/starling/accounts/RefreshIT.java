package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.accounts.token.Tokens;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.Scope;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Refresh tokens, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class RefreshIT {
  private static final String CLIENT = "particle-cli";
  private static final AtomicInteger PLACES = new AtomicInteger();

  private final AccountsNode accounts;

  private final String email = AccountsNode.newEmail();
  private final String place = "10.0.0." + PLACES.incrementAndGet();
  private AccountId account;

  RefreshIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void somebody() throws Exception {
    account = accounts.person(email);
  }

  private PeopleReply.LoggedIn logIn(long lifetimeSeconds) throws Exception {
    return (PeopleReply.LoggedIn)
        accounts.ask(
            new PeopleRequest.LogIn(email, AccountsNode.PASSWORD, CLIENT, place, lifetimeSeconds));
  }

  private static String refreshToken(PeopleReply.LoggedIn in) {
    return Objects.requireNonNull(in.refreshToken());
  }

  private PeopleReply.LogInReply refresh(String token, String client) throws Exception {
    return accounts.ask(new PeopleRequest.Refresh(token, client, place));
  }

  private PeopleReply.LoggedIn refreshed(PeopleReply.LoggedIn in) throws Exception {
    return (PeopleReply.LoggedIn) refresh(refreshToken(in), CLIENT);
  }

  private void assertDead(String refreshToken) throws Exception {
    assertThat(refresh(refreshToken, CLIENT)).isInstanceOf(PeopleReply.CredentialsInvalid.class);
  }

  private Set<Scope> scopes(PeopleReply.LoggedIn in) {
    var row = accounts.changes("token", Secrets.hash(in.token())).getLast().row();
    var token =
        (Entry.Token) Objects.requireNonNull(Entry.of("token", Objects.requireNonNull(row)));
    return Objects.requireNonNullElse(token.scopes(), Set.of());
  }

  @Test
  void whatFollowsALimitedTokenIsAsLimited() throws Exception {
    var names = List.of(Scope.DEVICES_LIST.text());
    var limited =
        (PeopleReply.LoggedIn)
            accounts.ask(
                new PeopleRequest.LogIn(email, AccountsNode.PASSWORD, CLIENT, place, 60, names));
    assertThat(scopes(limited)).containsExactly(Scope.DEVICES_LIST);
    var next = refreshed(limited);
    assertThat(scopes(next)).containsExactly(Scope.DEVICES_LIST);
    assertThat(scopes(refreshed(next))).containsExactly(Scope.DEVICES_LIST);
    assertThat(scopes(refreshed(logIn(60)))).isEmpty();
  }

  private boolean isGood(PeopleReply.LoggedIn in) {
    return accounts.changes("token", Secrets.hash(in.token())).getLast().row() != null;
  }

  private String families() throws Exception {
    return accounts.value(
        "SELECT count(*) FROM accounts.token_family WHERE account = '%s'".formatted(account));
  }

  private void ageFamily(String interval) throws Exception {
    accounts.execute(
        "UPDATE accounts.token_family SET expires_at = expires_at - interval '%s'"
                .formatted(interval)
            + " WHERE account = '%s'".formatted(account));
  }

  @Test
  void aRefreshTokenGivesWhatItFollowsAndReplacesIt() throws Exception {
    var first = logIn(3_600);
    assertThat(first.refreshToken()).matches("[0-9a-f]{40}");
    var second = refreshed(first);

    assertThat(second.account()).isEqualTo(account);
    assertThat(second.token()).isNotEqualTo(first.token());
    assertThat(second.refreshToken()).isNotEqualTo(first.refreshToken()).matches("[0-9a-f]{40}");
    assertThat(second.expiresAtMillis())
        .isBetween(System.currentTimeMillis() + 3_500_000, System.currentTimeMillis() + 3_600_000);
    assertThat(List.of(isGood(first), isGood(second))).containsExactly(false, true);
    assertThat(isGood(refreshed(second))).isTrue();
    assertThat(families()).isEqualTo("1");
  }

  @Test
  void whatWasUsedBeforeRevokesAllThatFollowed() throws Exception {
    var first = logIn(3_600);
    var other = logIn(3_600);
    var last = refreshed(refreshed(first));

    assertDead(refreshToken(first));
    assertDead(refreshToken(last));
    assertThat(List.of(isGood(last), isGood(other))).containsExactly(false, true);
    assertThat(isGood(refreshed(other))).isTrue();
  }

  @Test
  void isGoodForTheClientThatGotItOnly() throws Exception {
    var in = logIn(3_600);
    assertThat(refresh(refreshToken(in), "particle"))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(isGood(refreshed(in))).isTrue();
  }

  @Test
  void isKeptAsAHashAndNeverInTheFeed() throws Exception {
    String refresh = refreshToken(logIn(3_600));
    assertThat(
            accounts.value(
                "SELECT refresh_hash FROM accounts.token_family WHERE account = '%s'"
                    .formatted(account)))
        .isEqualTo(Secrets.hash(refresh));
    assertThat(accounts.directory().changes().toString())
        .doesNotContain("family", Secrets.hash(refresh));
  }

  @Test
  void endsWithTimeButNotTheTokenThatIsGood() throws Exception {
    var in = logIn(3_600);
    ageFamily("180 days");
    assertDead(refreshToken(in));
    assertThat(isGood(in)).isTrue();
  }

  @Test
  void noRowIsLeftOnceNothingIsGood() throws Exception {
    var in = logIn(3_600);
    var tokens = new Tokens(InstantSource.system());
    ageFamily("182 days");
    AccountsNode.get(accounts.database().withConnection(tokens::deleteExpired));
    assertThat(isGood(in)).isTrue();
    assertThat(families()).isEqualTo("1");

    accounts.execute(
        "UPDATE accounts.token SET expires_at = now() - interval '2 days' WHERE account = '%s'"
            .formatted(account));
    AccountsNode.get(accounts.database().withConnection(tokens::deleteExpired));
    assertThat(families()).isEqualTo("0");
  }

  @Test
  void nothingFollowsATokenThatNeverEnds() throws Exception {
    assertThat(logIn(0).refreshToken()).isNull();
    assertThat(families()).isEqualTo("0");
  }

  @Test
  void endsWithTheTokenThatIsRevokedOrWithItself() throws Exception {
    var loggedOut = logIn(3_600);
    accounts.ask(new PeopleRequest.RevokeToken(Secrets.hash(loggedOut.token())));
    assertDead(refreshToken(loggedOut));

    var thrownAway = logIn(3_600);
    accounts.ask(new PeopleRequest.RevokeToken(Secrets.hash(refreshToken(thrownAway))));
    assertDead(refreshToken(thrownAway));
    assertThat(isGood(thrownAway)).isFalse();
  }

  @Test
  void endsWithAllTokensOfTheAccount() throws Exception {
    var in = logIn(3_600);
    accounts.ask(new PeopleRequest.RevokeAllTokens(account));
    assertDead(refreshToken(in));
    assertThat(isGood(in)).isFalse();
  }

  @Test
  void endsWithThePassword() throws Exception {
    var in = logIn(3_600);
    accounts.ask(
        new PeopleRequest.ChangeCredentials(
            account, AccountsNode.PASSWORD, null, "a new password", false, place));
    assertDead(refreshToken(in));
    // It was not asked for that.
    assertThat(isGood(in)).isTrue();
  }

  @Test
  void endsWithTheAccount() throws Exception {
    var in = logIn(3_600);
    accounts.ask(new PeopleRequest.DeleteUser(account, AccountsNode.PASSWORD, place));
    assertDead(refreshToken(in));
    assertThat(families()).isEqualTo("0");
  }

  @Test
  void endsWithItsClient() throws Exception {
    var made =
        (PeopleReply.ClientCreated)
            accounts.ask(new PeopleRequest.CreateClient(account, 0, "App", "installed", null));
    var in =
        (PeopleReply.LoggedIn)
            accounts.ask(
                new PeopleRequest.LogIn(email, AccountsNode.PASSWORD, made.id(), place, 60));
    accounts.ask(new PeopleRequest.DeleteClient(account, 0, made.id()));
    assertThat(refresh(refreshToken(in), made.id()))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(isGood(in)).isFalse();
  }

  @Test
  void whoGuessesIsSlowedDown() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertDead(Secrets.newToken());
    }
    assertThat(refresh(refreshToken(logIn(60)), CLIENT))
        .isInstanceOf(PeopleReply.TooManyAttempts.class);
  }
}
