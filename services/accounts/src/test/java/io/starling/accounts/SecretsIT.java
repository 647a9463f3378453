package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.accounts.login.OneTimePasswords;
import io.starling.bootstrap.bus.SecretReader;
import io.starling.bootstrap.health.Health;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.contract.SecretsReply;
import io.starling.contract.SecretsRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Secrets, and what seals them, on a real PostgreSQL. */
@ExtendWith(AccountsExtension.class)
class SecretsIT {
  private static final String KEYS = "STARLING_SECRET_KEYS";
  private static final String NEW = "new:" + "B".repeat(42) + "A=";

  private final AccountsNode accounts;
  private AccountId account;

  SecretsIT(AccountsNode accounts) {
    this.accounts = accounts;
  }

  @BeforeEach
  void somebody() throws Exception {
    account = accounts.person();
  }

  private SecretsReply.PutReply put(String name, String value) throws Exception {
    return accounts.ask(new SecretsRequest.PutSecret(account, name, value, true));
  }

  private List<SecretsReply.Told> list() throws Exception {
    return ((SecretsReply.SecretsFound) accounts.ask(new SecretsRequest.ListSecrets(account)))
        .secrets();
  }

  private static SecretReader.Reading read(AccountsNode node, AccountId account, String... names)
      throws Exception {
    return AccountsNode.get(new SecretReader(node.node().bus()).read(account, List.of(names)));
  }

  private AccountsNode with(Path folder, String keys) throws Exception {
    return new AccountsNode(
        accounts.server(), folder, keys.isEmpty() ? Map.of() : Map.of(KEYS, keys));
  }

  private String sealed(AccountId account) throws Exception {
    return accounts.value(
        "SELECT string_agg(key || ' ' || encode(sealed, 'hex'), ',') FROM accounts.secret"
            + " WHERE account = '%s'".formatted(account));
  }

  @Test
  void theValueIsForServicesAloneAndStandsNowhereInClear() throws Exception {
    assertThat(put("API_KEY", "open sesame")).isInstanceOf(SecretsReply.SecretKept.class);
    assertThat(list()).hasSize(1);
    assertThat(list().getFirst().lastAccessedAtMillis()).isNull();
    assertThat(sealed(account))
        .startsWith("made-here ")
        .doesNotContain(HexFormat.of().formatHex("sesame".getBytes(StandardCharsets.UTF_8)));
    assertThat(accounts.directory().changes().toString()).doesNotContain("API_KEY", "sesame");

    assertThat(read(accounts, account, "API_KEY", "NONE"))
        .isEqualTo(new SecretReader.Values(Map.of("API_KEY", "open sesame")));
    assertThat(list().getFirst().lastAccessedAtMillis()).isNotNull();
    assertThat(read(accounts, accounts.person(), "API_KEY"))
        .isEqualTo(new SecretReader.Values(Map.of()));
  }

  @Test
  void aSecretIsReplacedAndForgotten() throws Exception {
    var _ = put("API_KEY", "one");
    var _ = put("API_KEY", "two");
    var again = new SecretsRequest.PutSecret(account, "API_KEY", "three", false);
    assertThat(accounts.ask(again)).isInstanceOf(SecretsReply.SecretExists.class);
    assertThat(list()).hasSize(1);
    assertThat(read(accounts, account, "API_KEY"))
        .isEqualTo(new SecretReader.Values(Map.of("API_KEY", "two")));

    var delete = new SecretsRequest.DeleteSecret(account, "API_KEY");
    assertThat(accounts.ask(delete)).isInstanceOf(AccountsReply.Written.class);
    assertThat(accounts.ask(delete)).isInstanceOf(AccountsReply.NotFound.class);
  }

  @Test
  void anAccountHasAHundredAtMost() throws Exception {
    for (int i = 0; i < SecretsRequest.MOST; i++) {
      assertThat(put("S" + i, "x")).isInstanceOf(SecretsReply.SecretKept.class);
    }
    assertThat(put("ONE_MORE", "x")).isInstanceOf(SecretsReply.TooManySecrets.class);
    assertThat(put("S7", "y")).isInstanceOf(SecretsReply.SecretKept.class);
  }

  @Test
  void valuesThatWereSwappedInTheDatabaseDoNotOpen() throws Exception {
    var _ = put("A", "for a");
    accounts.execute(
        """
        INSERT INTO accounts.secret (account, name, key, sealed)
        SELECT account, 'B', key, sealed FROM accounts.secret WHERE account = '%s'
        """
            .formatted(account));
    assertThat(
            new SecretReader(accounts.node().bus())
                .read(account, List.of("B"))
                .map(false)
                .otherwise(true)
                .await())
        .isTrue();
    accounts.execute("DELETE FROM accounts.secret WHERE name = 'B'");
  }

  private PeopleReply.MfaStarted startMfa() throws Exception {
    return (PeopleReply.MfaStarted) accounts.ask(new PeopleRequest.StartMfa(account));
  }

  private OneTimePasswords enrol() throws Exception {
    var started = startMfa();
    var passwords = new OneTimePasswords(started.secret());
    var request = new PeopleRequest.EnrolMfa(account, started.mfaToken(), passwords.next(), false);
    assertThat(accounts.ask(request)).isInstanceOf(PeopleReply.MfaEnrolled.class);
    return passwords;
  }

  @Test
  void newKeysSealAllAnewAlsoWhatIsFromBeforeThereWereAny(@TempDir Path other) throws Exception {
    var _ = put("API_KEY", "open sesame");
    var passwords = enrol();
    String before = sealed(account);
    String where = " FROM accounts.otp WHERE account = '%s'".formatted(account);
    assertThat(accounts.value("SELECT key" + where)).isEqualTo("made-here");
    // As it stood before there were keys.
    accounts.execute(
        "UPDATE accounts.otp SET key = NULL, secret = decode('%s', 'hex') WHERE account = '%s'"
            .formatted(HexFormat.of().formatHex(passwords.secret()), account));

    String old = Files.readString(accounts.data().resolve("secret.key")).strip();
    var rotated = with(other, NEW + "," + old);
    try {
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  accounts.value("SELECT key" + where).equals("new")
                      && sealed(account).startsWith("new "));
      assertThat(sealed(account)).isNotEqualTo(before);
      assertThat(accounts.value("SELECT length(secret) > 40" + where)).isEqualTo("t");
      assertThat(read(rotated, account, "API_KEY"))
          .isEqualTo(new SecretReader.Values(Map.of("API_KEY", "open sesame")));
      var line =
          new PeopleRequest.ListTokens(
              rotated.email(account), AccountsNode.PASSWORD, passwords.next(), "1.1.1.1");
      assertThat(rotated.ask(line)).isInstanceOf(PeopleReply.TokensFound.class);
    } finally {
      rotated.close();
      // And back, for the other tests.
      with(other, old + "," + NEW).close();
    }
  }

  @Test
  void aNodeWithAnotherKeyRefusesToWork(@TempDir Path other) throws Exception {
    var _ = put("API_KEY", "open sesame");
    String another = "made-here:" + "C".repeat(42) + "A=";
    for (String keys : List.of("", "third:" + "B".repeat(42) + "A=", another)) {
      var wrong = with(other, keys);
      try {
        var health = Objects.requireNonNull(wrong.node().health().look().get("accounts"));
        assertThat(health.status()).isEqualTo(Health.Status.DOWN);
        assertThat(health.note()).contains(KEYS).contains("made-here");
        assertThat(accounts.value("SELECT count(*) FROM accounts.seal_key WHERE id = 'third'"))
            .isEqualTo("0");
        assertThat(read(wrong, account, "API_KEY")).isInstanceOf(SecretReader.Unavailable.class);
      } finally {
        wrong.close();
      }
    }
  }
}
