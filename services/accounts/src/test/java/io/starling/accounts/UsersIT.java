package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleReply.SignUpRefused.Reason;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsReply;
import io.starling.contract.ProductsRequest;
import io.starling.directory.Entry;
import io.starling.directory.Secrets;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changing and deleting people, and mailed links, on a real PostgreSQL and a real outbox. */
@ExtendWith(AccountsExtension.class)
class UsersIT {
  private static final Pattern LINK =
      Pattern.compile("http://127\\.0\\.0\\.1:8080/account/(\\w+)#([0-9a-f]{40})");
  private static final String PASSWORD = AccountsNode.PASSWORD;
  private static final String BETTER = "a better password";

  private final AccountsNode accounts;

  private final String email = AccountsNode.newEmail();

  UsersIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  private PeopleReply.LogInReply logIn(String email, String password) throws Exception {
    return accounts.ask(new PeopleRequest.LogIn(email, password, "c", "1.1.1.1", 60));
  }

  private String token(String email) throws Exception {
    return ((PeopleReply.LoggedIn) logIn(email, PASSWORD)).token();
  }

  private boolean isGood(String token) {
    return accounts.changes("token", Secrets.hash(token)).getLast().row() != null;
  }

  private Entry.Account entry(AccountId account) {
    var row = accounts.changes("account", account.toString()).getLast().row();
    return (Entry.Account) Objects.requireNonNull(Entry.of("account", Objects.requireNonNull(row)));
  }

  /** What the link in the only mail to an address carries. */
  private String linkTo(String email, String page) throws Exception {
    await().until(() -> accounts.mailsTo(email).size() == 1);
    var link = LINK.matcher(accounts.mailsTo(email).getFirst());
    assertThat(link.find()).isTrue();
    assertThat(link.group(1)).isEqualTo(page);
    return link.group(2);
  }

  private static PeopleRequest.ChangeCredentials change(
      AccountId account,
      String password,
      @Nullable String email,
      @Nullable String newPassword,
      boolean invalidate) {
    return new PeopleRequest.ChangeCredentials(
        account, password, email, newPassword, invalidate, "5.5.5.5");
  }

  @Test
  void whatAPersonTellsIsInTheDirectory() throws Exception {
    var signUp = new PeopleRequest.SignUp(email, PASSWORD, "{\"first_name\":\"Ada\"}");
    var account = ((PeopleReply.SignedUp) accounts.ask(signUp)).account();
    assertThat(entry(account).info().encode()).isEqualTo("{\"first_name\":\"Ada\"}");

    accounts.ask(new PeopleRequest.DescribeUser(account, "{\"last_name\":\"L\"}"));
    assertThat(entry(account).info().encode()).isEqualTo("{\"last_name\":\"L\"}");
  }

  @Test
  void aPasswordIsChangedByWhoKnowsIt() throws Exception {
    var account = accounts.person(email);
    String kept = token(email);

    assertThat(accounts.ask(change(account, "wrong horse", null, BETTER, true)))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(accounts.ask(change(account, PASSWORD, null, "short", true)))
        .isEqualTo(new PeopleReply.SignUpRefused(Reason.PASSWORD_TOO_SHORT));
    assertThat(isGood(kept)).isTrue();
    assertThat(accounts.ask(change(account, PASSWORD, null, BETTER, false)))
        .isInstanceOf(PeopleReply.Written.class);
    assertThat(isGood(kept)).isTrue();
    assertThat(logIn(email, PASSWORD)).isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(logIn(email, BETTER)).isInstanceOf(PeopleReply.LoggedIn.class);

    accounts.ask(change(account, BETTER, null, PASSWORD, true));
    assertThat(isGood(kept)).isFalse();
  }

  @Test
  void whoGuessesTheCurrentPasswordIsSlowedDown() throws Exception {
    var account = accounts.person(email);
    for (int i = 0; i < 10; i++) {
      accounts.ask(new PeopleRequest.DeleteUser(account, "wrong horse", "6.6.6.6"));
    }
    assertThat(accounts.ask(new PeopleRequest.DeleteUser(account, PASSWORD, "6.6.6.6")))
        .isInstanceOf(PeopleReply.TooManyAttempts.class);
  }

  @Test
  void anAddressIsTakenOnlyWhenTheLinkMailedThereIsFollowed() throws Exception {
    var account = accounts.person(email);
    String next = AccountsNode.newEmail();

    accounts.ask(change(account, PASSWORD, next, null, false));
    String link = linkTo(next, "email");
    assertThat(entry(account).email()).isEqualTo(email);
    assertThat(accounts.ask(new PeopleRequest.ResetPassword(Secrets.hash(link), BETTER)))
        .isInstanceOf(PeopleReply.LinkInvalid.class);

    assertThat(accounts.ask(new PeopleRequest.ConfirmEmail(Secrets.hash(link))))
        .isInstanceOf(PeopleReply.Written.class);
    assertThat(entry(account).email()).isEqualTo(next);
    await().until(() -> accounts.mailsTo(email).size() == 1);
    assertThat(accounts.mailsTo(email).getFirst()).doesNotContain(next).doesNotContain("http");
    assertThat(accounts.ask(new PeopleRequest.ConfirmEmail(Secrets.hash(link))))
        .isInstanceOf(PeopleReply.LinkInvalid.class);
  }

  @Test
  void anAddressThatSomebodyTookMeanwhileIsNotTaken() throws Exception {
    var account = accounts.person(email);
    String next = AccountsNode.newEmail();
    accounts.ask(change(account, PASSWORD, next, null, false));
    String link = linkTo(next, "email");
    var _ = accounts.person(next);

    assertThat(accounts.ask(new PeopleRequest.ConfirmEmail(Secrets.hash(link))))
        .isEqualTo(new PeopleReply.SignUpRefused(Reason.IN_USE));
  }

  @Test
  void aForgottenPasswordIsReplacedOnceByTheMailedLink() throws Exception {
    var _ = accounts.person(email);
    String revoked = token(email);
    accounts.ask(new PeopleRequest.ForgotPassword(email));
    String link = linkTo(email, "password");
    assertThat(accounts.value("SELECT count(*) FROM accounts.link WHERE hash = '" + link + "'"))
        .isEqualTo("0");

    assertThat(accounts.ask(new PeopleRequest.ConfirmEmail(Secrets.hash(link))))
        .isInstanceOf(PeopleReply.LinkInvalid.class);
    assertThat(accounts.ask(new PeopleRequest.ResetPassword(Secrets.hash(link), BETTER)))
        .isInstanceOf(PeopleReply.Written.class);
    assertThat(logIn(email, BETTER)).isInstanceOf(PeopleReply.LoggedIn.class);
    assertThat(logIn(email, PASSWORD)).isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(isGood(revoked)).isFalse();
    assertThat(accounts.ask(new PeopleRequest.ResetPassword(Secrets.hash(link), PASSWORD)))
        .isInstanceOf(PeopleReply.LinkInvalid.class);
  }

  @Test
  void aLinkIsGoodForAnHour() throws Exception {
    var account = accounts.person(email);
    accounts.ask(new PeopleRequest.ForgotPassword(email));
    String link = linkTo(email, "password");
    accounts.execute(
        "UPDATE accounts.link SET created_at = now() - interval '61 minutes' WHERE account = '"
            + account
            + "'");

    assertThat(accounts.ask(new PeopleRequest.ResetPassword(Secrets.hash(link), BETTER)))
        .isInstanceOf(PeopleReply.LinkInvalid.class);
  }

  @Test
  void nobodyIsMailedWhoIsUnknownAndNobodyMoreThanFiveTimesAnHour() throws Exception {
    String nobody = AccountsNode.newEmail();
    var account = accounts.person(email);
    var known = accounts.ask(new PeopleRequest.ForgotPassword(email));
    assertThat(accounts.ask(new PeopleRequest.ForgotPassword(nobody))).isEqualTo(known);
    for (int i = 0; i < 6; i++) {
      accounts.ask(new PeopleRequest.ForgotPassword(email));
    }
    await().until(() -> accounts.mailsTo(email).size() == 5);
    // It waits for the one before it, so that one more mail would be there by now.
    accounts.ask(new PeopleRequest.DescribeUser(account, "{}"));
    assertThat(accounts.mailsTo(email)).hasSize(5);
    assertThat(accounts.mailsTo(nobody)).isEmpty();
  }

  @Test
  void whoIsDeletedLeavesNoTokenAndDevicesThatAreNobodys() throws Exception {
    var account = accounts.person(email);
    String revoked = token(email);
    accounts.execute(
        "INSERT INTO accounts.device (id, owner, secret_hash) VALUES ('"
            + account
            + "', '"
            + account
            + "', '')");

    assertThat(accounts.ask(new PeopleRequest.DeleteUser(account, "wrong horse", "7.7.7.7")))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(accounts.ask(new PeopleRequest.DeleteUser(account, PASSWORD, "7.7.7.7")))
        .isInstanceOf(PeopleReply.Written.class);
    assertThat(accounts.changes("account", account.toString()).getLast().row()).isNull();
    assertThat(isGood(revoked)).isFalse();
    assertThat(accounts.changes("device", account.toString()).getLast().row())
        .doesNotContain("\"owner\"");
    assertThat(logIn(email, PASSWORD)).isInstanceOf(PeopleReply.CredentialsInvalid.class);
  }

  @Test
  void whoOwnsAProductStays() throws Exception {
    var account = accounts.person(email);
    var made = accounts.ask(new ProductsRequest.CreateProduct(account, "Stays", "", 0));
    assertThat(made).isInstanceOf(ProductsReply.ProductCreated.class);

    assertThat(accounts.ask(new PeopleRequest.DeleteUser(account, PASSWORD, "8.8.8.8")))
        .isInstanceOf(PeopleReply.OwnsProducts.class);
    assertThat(logIn(email, PASSWORD)).isInstanceOf(PeopleReply.LoggedIn.class);
  }

  @Test
  void aHashThatWasCheapIsMadeAnewAtTheNextLogIn() throws Exception {
    var account = accounts.person(email);
    String cheap =
        Password.hash(PASSWORD)
            .addRandomSalt(16)
            .with(Argon2Function.getInstance(8 * 1024, 1, 1, 32, Argon2.ID))
            .getResult();
    accounts.execute(
        "UPDATE accounts.account SET password_hash = '" + cheap + "' WHERE id = '" + account + "'");

    assertThat(logIn(email, "wrong horse")).isInstanceOf(PeopleReply.CredentialsInvalid.class);
    assertThat(logIn(email, PASSWORD)).isInstanceOf(PeopleReply.LoggedIn.class);
    assertThat(
            accounts.value(
                "SELECT password_hash FROM accounts.account WHERE id = '" + account + "'"))
        .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(logIn(email, PASSWORD)).isInstanceOf(PeopleReply.LoggedIn.class);
  }
}
