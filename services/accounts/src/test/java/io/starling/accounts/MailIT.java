package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.starling.accounts.mail.FakeSmtp;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Mail through an SMTP server, by nodes that share a database. */
@ExtendWith(AccountsExtension.class)
class MailIT {
  private static final Pattern LINK = Pattern.compile("/account/password#([0-9a-f]{40})");

  private final AccountsNode accounts;
  private final List<AccountsNode> nodes = new ArrayList<>();
  private final String email = AccountsNode.newEmail();
  @TempDir Path folder;
  private FakeSmtp smtp;

  MailIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void start() throws Exception {
    smtp = new FakeSmtp(folder);
    var _ = accounts.person(email);
  }

  @AfterEach
  void end() throws Exception {
    for (var node : nodes) {
      node.close();
    }
    smtp.close();
    accounts.execute("DELETE FROM accounts.mail");
  }

  /** Another node of the same database and key. */
  private AccountsNode node() throws Exception {
    var settings =
        Map.of(
            "STARLING_SMTP_HOST",
            "localhost",
            "STARLING_SMTP_PORT",
            Integer.toString(smtp.port()),
            "STARLING_SMTP_USER",
            FakeSmtp.USER,
            "STARLING_SMTP_PASSWORD",
            FakeSmtp.PASSWORD,
            "STARLING_SMTP_CA",
            smtp.authorities().toString());
    var node = new AccountsNode(accounts.server(), accounts.data(), settings);
    nodes.add(node);
    return node;
  }

  private String waiting() throws Exception {
    return accounts.value("SELECT count(*) FROM accounts.mail");
  }

  private static double count(AccountsNode node, String name) {
    return node.node().meters().get("starling.mails." + name).counter().count();
  }

  private void awaitMails(int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> smtp.mails.size() >= count);
  }

  @Test
  void aLinkIsCarriedByTheServerAndForgotten() throws Exception {
    var node = node();
    node.ask(new PeopleRequest.ForgotPassword(email));
    awaitMails(1);
    await().until(() -> waiting().equals("0"));

    assertThat(smtp.mailsTo(email)).hasSize(1);
    assertThat(count(node, "sent")).isEqualTo(1);
    var link = LINK.matcher(smtp.mails.getFirst().text());
    assertThat(link.find()).isTrue();
    assertThat(
            node.ask(
                new PeopleRequest.ResetPassword(Secrets.hash(link.group(1)), "a better password")))
        .isInstanceOf(PeopleReply.Written.class);
  }

  @Test
  void mailOutlivesAServerThatIsDownAndTheNodeThatTookIt() throws Exception {
    smtp.down();
    var first = node();
    first.ask(new PeopleRequest.ForgotPassword(email));
    await().until(() -> count(first, "failed") >= 1 && waiting().equals("1"));
    assertThat(accounts.value("SELECT encode(sealed, 'escape') FROM accounts.mail"))
        .doesNotContain("account/password")
        .doesNotContain(email);
    first.close();
    nodes.remove(first);

    smtp.up();
    accounts.execute("UPDATE accounts.mail SET due_at = now()");
    var _ = node();
    awaitMails(1);
    await().until(() -> waiting().equals("0"));
    assertThat(smtp.mailsTo(email)).hasSize(1);
  }

  @Test
  void whatANodeWasSendingWhenItDiedIsSentByAnotherAfterItsLease() throws Exception {
    smtp.silent();
    var first = node();
    first.ask(new PeopleRequest.ForgotPassword(email));
    String leased =
        "SELECT count(*) FROM accounts.mail WHERE due_at > now() + interval '2 minutes'";
    await().until(() -> accounts.value(leased).equals("1"));
    first.close();
    nodes.remove(first);
    smtp.up();
    var _ = node();
    accounts.execute("UPDATE accounts.mail SET due_at = now()");

    awaitMails(1);
    await().until(() -> waiting().equals("0"));
    assertThat(smtp.mailsTo(email)).hasSize(1);
  }

  @Test
  void ofSeveralNodesOneSendsAMail() throws Exception {
    var first = node();
    var second = node();
    int people = 12;
    for (int i = 0; i < people; i++) {
      String other = AccountsNode.newEmail();
      var _ = first.person(other);
      (i % 2 == 0 ? first : second).ask(new PeopleRequest.ForgotPassword(other));
    }
    awaitMails(people);
    await().until(() -> waiting().equals("0"));

    assertThat(smtp.mails.stream().map(FakeSmtp.Received::to))
        .hasSize(people)
        .doesNotHaveDuplicates();
    assertThat(count(first, "sent") + count(second, "sent")).isEqualTo(people);
  }

  @Test
  void aRecipientThatTheServerRefusesIsGivenUpAndNotNamed() throws Exception {
    smtp.unknown.add(email);
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    var ours = (Logger) LoggerFactory.getLogger("io.starling.accounts");
    ours.addAppender(log);
    try {
      var node = node();
      node.ask(new PeopleRequest.ForgotPassword(email));
      await().until(() -> count(node, "given.up") == 1 && waiting().equals("0"));
    } finally {
      ours.detachAppender(log);
    }

    assertThat(smtp.mails).isEmpty();
    assertThat(log.list.stream().map(ILoggingEvent::getFormattedMessage))
        .anyMatch(line -> line.contains("is given up: the server answered 550"))
        .noneMatch(line -> line.contains(email) || line.contains(FakeSmtp.PASSWORD));
  }

  @Test
  void mailThatIsOfNoUseAnyMoreIsGivenUp() throws Exception {
    smtp.down();
    var node = node();
    node.ask(new PeopleRequest.ForgotPassword(email));
    await().until(() -> count(node, "failed") >= 1);
    accounts.execute("UPDATE accounts.mail SET good_until = now(), due_at = now()");
    smtp.up();

    await().until(() -> count(node, "given.up") == 1 && waiting().equals("0"));
    assertThat(smtp.mails).isEmpty();
  }

  @Test
  void moreThanTenThousandMailsDoNotWait() throws Exception {
    smtp.down();
    var node = node();
    var account = node.person();
    accounts.execute(
        """
        INSERT INTO accounts.mail (id, key, sealed, good_until, due_at)
        SELECT gen_random_uuid(), (SELECT id FROM accounts.seal_key LIMIT 1), '',
          now() + interval '1 hour', now() + interval '1 hour' FROM generate_series(1, 10000)
        """);
    var change =
        new PeopleRequest.ChangeCredentials(
            account, AccountsNode.PASSWORD, AccountsNode.newEmail(), null, false, "5.5.5.5");

    assertThatThrownBy(() -> node.ask(change));
    assertThat(waiting()).isEqualTo("10000");
  }
}
