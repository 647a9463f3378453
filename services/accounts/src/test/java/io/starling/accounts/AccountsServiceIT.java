package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.ProductsRequest;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** People, tokens, the feed, and a database that goes and comes. */
@ExtendWith(AccountsExtension.class)
class AccountsServiceIT {
  private final AccountsNode node;

  AccountsServiceIT(AccountsNode node) {
    this.node = node;
  }

  @Test
  void signsUpOncePerAddressWhateverItsCase() throws Exception {
    String email = AccountsNode.newEmail();
    var account = node.person(email);

    assertThat(
            node.ask(
                new PeopleRequest.SignUp(
                    email.toUpperCase(java.util.Locale.ROOT), "another password", "{}")))
        .isEqualTo(new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.IN_USE));
    assertThat(node.changes("account", account.toString())).hasSize(1);
  }

  @Test
  void refusesWhatIsNoAddressOrNoPassword() throws Exception {
    assertThat(node.ask(new PeopleRequest.SignUp("nobody", "correct horse", "{}")))
        .isEqualTo(new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.NOT_AN_EMAIL));
    assertThat(node.ask(new PeopleRequest.SignUp(AccountsNode.newEmail(), "short", "{}")))
        .isEqualTo(
            new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.PASSWORD_TOO_SHORT));
    assertThat(node.ask(new PeopleRequest.SignUp(AccountsNode.newEmail(), "x".repeat(300), "{}")))
        .isEqualTo(
            new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.PASSWORD_TOO_LONG));
  }

  @Test
  void aTokenIsInTheDirectoryWhenItIsTold() throws Exception {
    String email = AccountsNode.newEmail();
    var account = node.person(email);
    var loggedIn =
        (PeopleReply.LoggedIn)
            node.ask(new PeopleRequest.LogIn(email, "correct horse", "particle", "1.1.1.1", 60));

    assertThat(loggedIn.account()).isEqualTo(account);
    assertThat(loggedIn.token()).matches("[0-9a-f]{40}");
    assertThat(node.changes("token", Secrets.hash(loggedIn.token()))).hasSize(1);
    assertThat(node.directory().changes().toString())
        .doesNotContain(loggedIn.token())
        .doesNotContain("password")
        .doesNotContain("argon2");

    node.ask(new PeopleRequest.RevokeToken(Secrets.hash(loggedIn.token())));
    assertThat(node.changes("token", Secrets.hash(loggedIn.token())).getLast().row()).isNull();
  }

  @Test
  void tellsNeitherUnknownAddressesNorWrongPasswordsApartAndSlowsGuessingDown() throws Exception {
    String email = AccountsNode.newEmail();
    var _ = node.person(email);
    assertThat(
            node.ask(
                new PeopleRequest.LogIn(
                    AccountsNode.newEmail(), "correct horse", "c", "2.2.2.2", 60)))
        .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    for (int i = 0; i < 10; i++) {
      assertThat(node.ask(new PeopleRequest.LogIn(email, "wrong horse", "c", "3.3.3.3", 60)))
          .isInstanceOf(PeopleReply.CredentialsInvalid.class);
    }
    assertThat(node.ask(new PeopleRequest.LogIn(email, "correct horse", "c", "3.3.3.3", 60)))
        .isInstanceOf(PeopleReply.TooManyAttempts.class);
    assertThat(node.ask(new PeopleRequest.LogIn(email, "correct horse", "c", "4.4.4.4", 60)))
        .isInstanceOf(PeopleReply.LoggedIn.class);
  }

  @Test
  void answersWithinASecondWithoutADatabaseAndRecovers() throws Exception {
    node.server().stop();
    node.ask(new PeopleRequest.SignUp(AccountsNode.newEmail(), "correct horse", "{}"));
    long before = System.nanoTime();
    assertThat(node.ask(new PeopleRequest.RevokeToken("none")))
        .isInstanceOf(PeopleReply.DatabaseDown.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
    node.server().restart();

    await()
        .atMost(AccountsNode.LIMIT)
        .until(
            () ->
                node.ask(new PeopleRequest.SignUp(AccountsNode.newEmail(), "correct horse", "{}"))
                    instanceof PeopleReply.SignedUp);
  }

  @Test
  void theFeedMissesNothingThatBecomesVisibleLate() throws Exception {
    var ann = node.person();
    try (var slow = DriverManager.getConnection(node.server().jdbcUrl());
        var statement = slow.createStatement()) {
      slow.setAutoCommit(false);
      // Draws its numbers first, commits last.
      statement.executeUpdate(
          "INSERT INTO accounts.token (hash, account, client) VALUES ('slow', '" + ann + "', 'c')");
      var quick = new ArrayList<Future<?>>();
      for (int i = 0; i < 5; i++) {
        quick.add(
            node.node()
                .bus()
                .ask(new ProductsRequest.CreateProduct(ann, "quick", "", 0), AccountsNode.LIMIT));
      }
      await()
          .during(Duration.ofMillis(300))
          .atMost(AccountsNode.LIMIT)
          .until(() -> quick.stream().noneMatch(Future::isComplete));
      slow.commit();
      AccountsNode.get(Future.all(quick));
    }
    assertThat(node.changes("token", "slow")).hasSize(1);
  }
}
