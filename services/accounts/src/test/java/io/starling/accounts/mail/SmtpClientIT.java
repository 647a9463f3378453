package io.starling.accounts.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.accounts.mail.SmtpConfig.Login;
import io.starling.accounts.mail.SmtpConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One mail at a time to an SMTP server over real sockets. */
class SmtpClientIT {
  private static final String FROM = "cloud@example.org";
  private static final String TO = "ada@example.org";

  @TempDir static Path folder;
  private static FakeSmtp smtp;

  @BeforeAll
  static void start() throws Exception {
    smtp = new FakeSmtp(folder);
  }

  @AfterAll
  static void end() throws Exception {
    smtp.close();
  }

  @BeforeEach
  void forget() {
    smtp.encrypted = false;
    smtp.replies.clear();
    smtp.mails.clear();
    smtp.commands.clear();
  }

  private static SmtpConfig config(String host, Tls tls, Optional<Path> authorities) {
    var login = new Login(FakeSmtp.USER, FakeSmtp.PASSWORD);
    var as = tls == Tls.NONE ? Optional.<Login>empty() : Optional.of(login);
    return new SmtpConfig(host, smtp.port(), tls, as, authorities);
  }

  private static Attempt send(SmtpConfig config, Mail mail) {
    String message = Message.of(mail, FROM, "id", Instant.EPOCH);
    return new SmtpClient(config, FROM).send(mail.to(), message);
  }

  private static Attempt send(Mail mail) {
    return send(config("localhost", Tls.STARTTLS, Optional.of(smtp.authorities())), mail);
  }

  private static Mail mail(String to) {
    return new Mail(to, "Subject", "Text\n");
  }

  @Test
  void aMailArrivesAsItWas() {
    var mail = new Mail(TO, "Grüße", "One\n.\n..two\r\nRSET\n");

    assertThat(send(mail)).isEqualTo(new Attempt.Sent());
    assertThat(smtp.mails).hasSize(1);
    assertThat(smtp.mails.getFirst().to()).isEqualTo(TO);
    assertThat(smtp.mails.getFirst().text())
        .contains("Subject: =?utf-8?B?R3LDvMOfZQ==?=\n")
        .endsWith("\n\nOne\n.\n..two\nRSET\n\n");
  }

  @Test
  void nothingInAMailBecomesAHeaderOrACommand() {
    var mail = new Mail(TO, "Hello\r\nBcc: eve@example.org", "Text\r\n.\r\nMAIL FROM:<eve@x>\n");

    assertThat(send(mail)).isEqualTo(new Attempt.Sent());
    assertThat(smtp.mails).hasSize(1);
    assertThat(smtp.mails.getFirst().text())
        .contains("Subject: HelloBcc: eve@example.org\n")
        .endsWith("\nText\n.\nMAIL FROM:<eve@x>\n\n");
    assertThat(smtp.commands).noneMatch(line -> line.contains("eve"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a@b>", "a@b> NOTIFY=NEVER", "a@b,c@d", "\"a b\"@c", "a@b\u2028c@d", ""})
  void whatIsNotOneAddressIsToldToNoServer(String to) {
    assertThat(send(mail(to))).isInstanceOf(Attempt.Refused.class);
    assertThat(smtp.commands).isEmpty();
  }

  @Test
  void anAddressThatIsNotAsciiNeedsAServerThatTakesIt() {
    assertThat(send(mail("grüße@example.org"))).isInstanceOf(Attempt.Refused.class);
    assertThat(smtp.mails).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', 421 busy",
    "EHLO, 502 what",
    "AUTH, 535 who are you",
    "MAIL, 550 not from there",
    "RCPT, 451 later",
    "DATA, 452 full",
    "'', HTTP/1.1 400 Bad Request",
    "RCPT, what"
  })
  void whatIsNotTheMailsFaultIsTriedAgain(String command, String reply) {
    smtp.replies.put(command, reply);

    assertThat(send(mail(TO))).isInstanceOf(Attempt.Unavailable.class);
    assertThat(smtp.mails).isEmpty();
  }

  @Test
  void aRefusalIsToldWithoutWhatTheServerSaid() {
    smtp.replies.put("RCPT", "550 5.1.1 " + TO + " is unknown");

    assertThat(send(mail(TO))).isEqualTo(new Attempt.Refused("the server answered 550 to RCPT TO"));
  }

  @Test
  void aServerWithoutTlsIsToldNothing() {
    smtp.replies.put("EHLO", "250 localhost");

    assertThat(send(mail(TO))).isInstanceOf(Attempt.Unavailable.class);
    assertThat(smtp.commands).hasSize(1).allMatch(line -> line.startsWith("EHLO "));
  }

  @Test
  void aServerWhoseCertificateIsNotGoodIsToldNothing() {
    var unknown = config("localhost", Tls.STARTTLS, Optional.empty());
    var otherName = config("127.0.0.1", Tls.STARTTLS, Optional.of(smtp.authorities()));

    assertThat(send(unknown, mail(TO))).isInstanceOf(Attempt.Unavailable.class);
    assertThat(send(otherName, mail(TO))).isInstanceOf(Attempt.Unavailable.class);
    assertThat(smtp.commands).allMatch(line -> line.matches("EHLO .*|STARTTLS"));
  }

  @Test
  void withoutTlsNobodyLogsIn() {
    var clear = config("127.0.0.1", Tls.NONE, Optional.empty());

    assertThat(send(clear, mail(TO))).isEqualTo(new Attempt.Sent());
    assertThat(smtp.commands).noneMatch(line -> line.startsWith("AUTH"));
  }

  @Test
  void aServerMaySpeakTlsFromTheFirstByte() {
    smtp.encrypted = true;
    var trusted = config("localhost", Tls.TLS, Optional.of(smtp.authorities()));
    var unknown = config("localhost", Tls.TLS, Optional.empty());

    assertThat(send(trusted, mail(TO))).isEqualTo(new Attempt.Sent());
    assertThat(smtp.mails).hasSize(1);
    assertThat(send(unknown, mail(TO))).isInstanceOf(Attempt.Unavailable.class);
    assertThat(smtp.mails).hasSize(1);
  }

  private static SmtpConfig encrypted() {
    smtp.encrypted = true;
    return config("localhost", Tls.TLS, Optional.of(smtp.authorities()));
  }

  @Test
  void aServerThatKnowsNoOtherWayIsToldNameAndPasswordOneByOne() {
    smtp.replies.put("EHLO", "250-localhost\r\n250 AUTH LOGIN");

    assertThat(send(encrypted(), mail(TO))).isEqualTo(new Attempt.Sent());
    assertThat(smtp.commands).contains("AUTH LOGIN").doesNotContain("AUTH PLAIN");
  }

  @Test
  void whoMayNotLogInByTheOneOrTheOtherSendsNothing() {
    smtp.replies.put("EHLO", "250-localhost\r\n250 AUTH CRAM-MD5");

    assertThat(send(encrypted(), mail(TO))).isInstanceOf(Attempt.Unavailable.class);
    assertThat(smtp.commands).hasSize(1);
  }

  static Stream<String> endless() {
    return Stream.of("2".repeat(10_000), "220-more\r\n".repeat(1_000));
  }

  @ParameterizedTest
  @MethodSource("endless")
  void aReplyWithoutAnEndIsReadToALimit(String reply) {
    smtp.replies.put("", reply);

    assertThat(send(mail(TO))).isEqualTo(new Attempt.Unavailable("no connection: IOException"));
    assertThat(smtp.commands).isEmpty();
  }

  /** What the server never goes on with: a greeting, a handshake, an answer to the message. */
  @ParameterizedTest
  @CsvSource({"'', '220-'", "STARTTLS, 220 go on", "MAIL, '250-'"})
  void anAttemptEndsInTimeWhateverItWaitsFor(String command, String reply) {
    smtp.replies.put(command, reply);
    var config = config("localhost", Tls.STARTTLS, Optional.of(smtp.authorities()));
    var client = new SmtpClient(config, FROM, Duration.ofMillis(500));

    assertThat(CompletableFuture.supplyAsync(() -> client.send(TO, "Text\r\n")))
        .succeedsWithin(Duration.ofSeconds(10))
        .isEqualTo(new Attempt.Unavailable("the server was too slow"));
  }

  @Test
  void anAttemptIsOverLongBeforeItsLeaseIs() {
    assertThat(SmtpClient.LIMIT).isLessThan(SmtpLoop.LEASE.dividedBy(2));
  }
}
