package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.accounts.mail.SmtpConfig;
import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsConfigTest {
  @Test
  void hasDefaults() {
    var settings = new Settings(Map.of());
    var config = AccountsConfig.from(settings);
    settings.check();

    assertThat(config)
        .isEqualTo(
            new AccountsConfig(
                "starling@localhost", "http://127.0.0.1:8080", Optional.empty(), List.of(), 365));
  }

  @Test
  void linksNeedNoSlashAtTheEnd() {
    var settings = new Settings(Map.of("STARLING_MAIL_LINKS", "https://api.example.org/cloud/"));

    assertThat(AccountsConfig.from(settings).mailLinks())
        .isEqualTo("https://api.example.org/cloud");
  }

  @ParameterizedTest
  @CsvSource({
    "STARLING_MAIL_LINKS, api.example.org",
    "STARLING_MAIL_LINKS, javascript:alert(1)",
    "STARLING_MAIL_LINKS, https://api.example.org/#x",
    "STARLING_MAIL_FROM, nobody",
    "STARLING_MAIL_FROM, a@b <c@d>"
  })
  void refusesWhatCannotBe(String name, String value) {
    var settings = new Settings(Map.of(name, value));
    var _ = AccountsConfig.from(settings);

    assertThatThrownBy(settings::check)
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining(name);
  }

  @Test
  void mailGoesThroughAServerThatIsNamed() {
    var settings =
        new Settings(
            Map.of(
                "STARLING_SMTP_HOST", "smtp.example.org",
                "STARLING_SMTP_USER", "starling",
                "STARLING_SMTP_PASSWORD", "carrier pigeon"));
    var smtp = AccountsConfig.from(settings).smtp().orElseThrow();
    settings.check();

    assertThat(smtp.tls()).isEqualTo(SmtpConfig.Tls.STARTTLS);
    assertThat(smtp.port()).isEqualTo(587);
    assertThat(smtp.toString()).contains("starling").doesNotContain("pigeon");
  }

  @ParameterizedTest
  @CsvSource({
    "STARLING_SMTP_USER, starling, STARLING_SMTP_HOST, smtp.example.org",
    "STARLING_SMTP_PASSWORD, pigeon, STARLING_SMTP_TLS, none",
    "STARLING_SMTP_PORT, 25, STARLING_SMTP_TLS, tls",
    "STARLING_SMTP_HOST, smtp.example.org/x, STARLING_SMTP_TLS, tls",
    "STARLING_SMTP_TLS, maybe, STARLING_SMTP_HOST, smtp.example.org",
    "STARLING_SMTP_CA, /nowhere, STARLING_SMTP_HOST, smtp.example.org",
    "STARLING_SMTP_HOTS, smtp.example.org, STARLING_MAIL_FROM, a@b"
  })
  void refusesWhatDoesNotGoTogether(String name, String value, String other, String with) {
    var settings = new Settings(Map.of(name, value, other, with));
    var _ = AccountsConfig.from(settings);

    assertThatThrownBy(settings::check)
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContaining(name)
        .hasMessageNotContaining("pigeon");
  }
}
