package io.starling.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.accounts.mail.SmtpConfig;
import io.starling.accounts.provider.OidcProvider;
import io.starling.bootstrap.settings.InvalidSettings;
import io.starling.bootstrap.settings.Settings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
                "starling@localhost",
                "http://127.0.0.1:8080",
                Optional.empty(),
                List.of(),
                List.of(),
                365));
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

  @Test
  void providersAreReadFromAFileAndAllMistakesToldWithoutASecret(@TempDir Path folder)
      throws IOException {
    var good =
        new JsonObject()
            .put("id", "work")
            .put("name", "Work")
            .put("issuer", "https://id.example/realm")
            .put("clientId", "starling")
            .put("clientSecret", "s3cret");
    assertThat(providers(folder, new JsonArray().add(good).encode()).toString())
        .isEqualTo("[OidcProvider[work, https://id.example/realm]]");
    var bad =
        new JsonArray()
            .add(good)
            .add(good.copy().put("issuer", "http://id.example").put("clientSecret", 7))
            .add(
                good.copy()
                    .put("id", "A b")
                    .put("issuer", "https://x.example?y")
                    .put("z", "s3cret"))
            .add("s3cret");
    assertThatThrownBy(() -> providers(folder, bad.encode()))
        .isInstanceOf(InvalidSettings.class)
        .hasMessageContainingAll(
            "STARLING_OIDC_FILE",
            "provider 2: issuer must be an https URL",
            "provider 2: clientSecret must be a text",
            "provider 2: there is another of this id",
            "provider 3: id must be",
            "provider 3: issuer must be",
            "provider 3: there is no field z",
            "provider 4: must be an object")
        .message()
        .doesNotContain("s3cret");
    assertThatThrownBy(() -> providers(folder, "[{\"clientSecret\":\"s3cret\""))
        .message()
        .contains("must hold a JSON array")
        .doesNotContain("s3cret");
    assertThatThrownBy(() -> read(folder.resolve("none").toString()))
        .hasMessageContaining("cannot be read");
  }

  private static List<OidcProvider> providers(Path folder, String text) throws IOException {
    return read(Files.writeString(folder.resolve("providers.json"), text).toString());
  }

  private static List<OidcProvider> read(String file) {
    var settings = new Settings(Map.of("STARLING_OIDC_FILE", file));
    var providers = AccountsConfig.from(settings).providers();
    settings.check();
    return providers;
  }
}
