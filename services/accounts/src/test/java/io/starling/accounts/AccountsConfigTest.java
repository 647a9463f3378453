package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import java.util.Map;
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
                "starling@localhost", "http://127.0.0.1:8080", java.util.List.of(), 365));
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
}
