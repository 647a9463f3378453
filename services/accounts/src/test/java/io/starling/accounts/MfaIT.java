package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.accounts.login.OneTimePasswords;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One-time passwords and the list of tokens, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class MfaIT {
  private static final String PASSWORD = AccountsNode.PASSWORD;

  private final AccountsNode accounts;

  private final String email = AccountsNode.newEmail();
  private AccountId account;

  MfaIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void somebody() throws Exception {
    account = accounts.person(email);
  }

  private record Enrolled(OneTimePasswords passwords, List<String> codes) {}

  private Enrolled enrol() throws Exception {
    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    var passwords = new OneTimePasswords(started.secret());
    var enrolled =
        (PeopleReply.MfaEnrolled)
            accounts.ask(
                new PeopleRequest.EnrolMfa(account, started.mfaToken(), passwords.next(), false));
    return new Enrolled(passwords, enrolled.recoveryCodes());
  }

  private PeopleReply.LogInReply logIn() throws Exception {
    return accounts.ask(new PeopleRequest.LogIn(email, PASSWORD, "c", "1.1.1.1", 60));
  }

  private String mfaToken() throws Exception {
    return ((PeopleReply.MfaRequired) logIn()).mfaToken();
  }

  private PeopleReply.LogInReply logIn(String mfaToken, String otp) throws Exception {
    return accounts.ask(new PeopleRequest.LogInWithOtp(mfaToken, otp, "c"));
  }

  @Test
  void aPasswordAloneIsEnoughUntilTheSecretIsConfirmed() throws Exception {
    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    assertThat(started.uri()).contains("secret=" + started.secret());
    assertThat(
            accounts.ask(
                new PeopleRequest.EnrolMfa(
                    account,
                    started.mfaToken(),
                    new OneTimePasswords(started.secret()).old(),
                    false)))
        .isInstanceOf(PeopleReply.OtpInvalid.class);
    assertThat(logIn()).isInstanceOf(PeopleReply.LoggedIn.class);

    var _ = enrol();
    assertThat(logIn()).isInstanceOf(PeopleReply.MfaRequired.class);
    assertThat(accounts.changes("account", account.toString()).getLast().row())
        .contains("\"mfa\": true");
    assertThat(accounts.ask(new PeopleRequest.StartMfa(account)))
        .isInstanceOf(PeopleReply.MfaIsOn.class);
    assertThat(accounts.directory().changes().toString()).doesNotContain(started.secret());
  }

  @Test
  void aTokenThatNeededBothIsForTheScopesThatWereAskedForFirst() throws Exception {
    var enrolled = enrol();
    var scopes = List.of("devices:list");
    var asked =
        (PeopleReply.MfaRequired)
            accounts.ask(new PeopleRequest.LogIn(email, PASSWORD, "c", "1.1.1.1", 60, scopes));
    var in = (PeopleReply.LoggedIn) logIn(asked.mfaToken(), enrolled.passwords().next());
    assertThat(accounts.changes("token", Secrets.hash(in.token())).getLast().row())
        .contains("\"scopes\": [\"devices:list\"]");
  }

  @Test
  void nobodyConfirmsForAnother() throws Exception {
    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    var other = accounts.person(AccountsNode.newEmail());
    String otp = new OneTimePasswords(started.secret()).next();

    assertThat(accounts.ask(new PeopleRequest.EnrolMfa(other, started.mfaToken(), otp, false)))
        .isInstanceOf(PeopleReply.MfaTokenInvalid.class);
    // Nor is it a way to log in.
    assertThat(accounts.ask(new PeopleRequest.LogInWithOtp(started.mfaToken(), otp, "")))
        .isInstanceOf(PeopleReply.MfaTokenInvalid.class);
  }

  @Test
  void aOneTimePasswordIsGoodOnce() throws Exception {
    var passwords = enrol().passwords();
    String otp = passwords.next();
    String token = mfaToken();

    assertThat(accounts.ask(new PeopleRequest.LogInWithOtp(token, otp, "other client")))
        .isInstanceOf(PeopleReply.MfaTokenInvalid.class);
    var in = (PeopleReply.LoggedIn) logIn(token, otp);
    assertThat(accounts.changes("token", Secrets.hash(in.token()))).hasSize(1);
    assertThat(in.expiresAtMillis()).isNotNull();
    assertThat(logIn(token, passwords.next())).isInstanceOf(PeopleReply.MfaTokenInvalid.class);
    assertThat(logIn(mfaToken(), otp)).isInstanceOf(PeopleReply.OtpInvalid.class);
  }

  @Test
  void aRecoveryCodeIsGoodOnceAndKeptAsAHash() throws Exception {
    String code = enrol().codes().getFirst();
    assertThat(
            accounts.value(
                "SELECT count(*) FROM accounts.recovery_code WHERE hash = '" + code + "'"))
        .isEqualTo("0");
    String typed =
        code.substring(0, 8) + "-" + code.substring(8).toUpperCase(java.util.Locale.ROOT);

    assertThat(logIn(mfaToken(), typed)).isInstanceOf(PeopleReply.LoggedIn.class);
    assertThat(logIn(mfaToken(), code)).isInstanceOf(PeopleReply.OtpInvalid.class);
  }

  @Test
  void whoGuessesIsSlowedDownWhateverTokenHeComesWith() throws Exception {
    var passwords = enrol().passwords();
    for (int i = 0; i < 5; i++) {
      assertThat(logIn(mfaToken(), passwords.old())).isInstanceOf(PeopleReply.OtpInvalid.class);
    }
    assertThat(logIn(mfaToken(), passwords.next())).isInstanceOf(PeopleReply.TooManyAttempts.class);
  }

  @Test
  void whoComesBackAfterTenMinutesBeginsAnew() throws Exception {
    var passwords = enrol().passwords();
    String token = mfaToken();
    accounts.execute(
        "UPDATE accounts.mfa_token SET created_at = now() - interval '11 minutes'"
            + " WHERE account = '%s'".formatted(account));

    assertThat(logIn(token, passwords.next())).isInstanceOf(PeopleReply.MfaTokenInvalid.class);
  }

  @Test
  void whoKnowsThePasswordEndsIt() throws Exception {
    var _ = enrol();
    assertThat(accounts.ask(new PeopleRequest.DisableMfa(account, "wrong horse", "2.2.2.2")))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(accounts.ask(new PeopleRequest.DisableMfa(account, PASSWORD, "2.2.2.2")))
        .isInstanceOf(PeopleReply.Written.class);
    assertThat(logIn()).isInstanceOf(PeopleReply.LoggedIn.class);
    assertThat(
            accounts.value(
                "SELECT count(*) FROM accounts.recovery_code WHERE account = '" + account + "'"))
        .isEqualTo("0");
  }

  @Test
  void confirmingRevokesTheTokensThereAreIfAsked() throws Exception {
    String token = ((PeopleReply.LoggedIn) logIn()).token();
    var started = (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
    String otp = new OneTimePasswords(started.secret()).next();

    accounts.ask(new PeopleRequest.EnrolMfa(account, started.mfaToken(), otp, true));
    assertThat(accounts.changes("token", Secrets.hash(token)).getLast().row()).isNull();
  }

  @Test
  void tokensAreListedByTheirEndsToWhoKnowsAllPasswords() throws Exception {
    String token = ((PeopleReply.LoggedIn) logIn()).token();
    var line = new PeopleRequest.ListTokens(email, PASSWORD, "", "3.3.3.3");
    var found = (PeopleReply.TokensFound) accounts.ask(line);
    assertThat(found.tokens()).hasSize(1);
    assertThat(found.tokens().getFirst().tail()).isEqualTo(token.substring(34));
    assertThat(accounts.directory().changes().toString()).doesNotContain("tail");
    assertThat(accounts.ask(new PeopleRequest.ListTokens(email, "wrong horse", "", "3.3.3.3")))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);

    var passwords = enrol().passwords();
    assertThat(accounts.ask(line)).isInstanceOf(PeopleReply.OtpInvalid.class);
    assertThat(
            accounts.ask(
                new PeopleRequest.ListTokens(email, PASSWORD, passwords.next(), "3.3.3.3")))
        .isInstanceOf(PeopleReply.TokensFound.class);
  }
}
