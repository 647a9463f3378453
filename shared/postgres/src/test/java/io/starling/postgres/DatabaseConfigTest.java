package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.SslMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseConfigTest {
  @Test
  void readsCandidatesSeparatedByCommas() {
    DatabaseConfig config =
        DatabaseConfig.of(
            "postgresql://starling:p%40ss%2Cw+rd@db-0.zone-a:6432/cloud?sslmode=require,"
                + " postgres://starling:x@[2001:db8::1]/cloud,");
    assertThat(config.candidates())
        .containsExactly(
            new Candidate(
                "db-0.zone-a", 6432, "cloud", "starling", "p@ss,w+rd", SslMode.REQUIRE, ""),
            new Candidate("2001:db8::1", 5432, "cloud", "starling", "x", SslMode.DISABLE, ""));
    assertThat(config.candidates().getLast().address()).isEqualTo("[2001:db8::1]:5432");
  }

  @Test
  void connectsAsItWasTold() {
    var options =
        Candidate.parse("postgresql://u:p@h:1/d?sslmode=verify-full&sslrootcert=/ca.pem")
            .connectOptions(Map.of("statement_timeout", "5000"));
    assertThat(options.getHost()).isEqualTo("h");
    assertThat(options.getPort()).isEqualTo(1);
    assertThat(options.getSslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(options.getSslOptions().getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(options.getProperties()).containsEntry("statement_timeout", "5000");
    assertThat(
            Candidate.parse("postgresql://u:p@h:1/d?sslmode=verify-ca&sslrootcert=/a b").jdbcUrl())
        .isEqualTo("jdbc:postgresql://h:1/d?sslmode=verify-ca&sslrootcert=%2Fa%20b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost:5432/db | is not postgresql://",
        "postgresql://u:sEcret@h | is not postgresql://",
        "postgresql://u:cret,x@h/d | also a comma",
        "u:cret@h/d | is not postgresql://",
        "postgresql://u:s@cret@h/d | percent-encoded",
        "postgresql://u:sEcret@h1:1,h2:2/d | is not postgresql://",
        "postgresql://u:sEcret@h:99999/d | no such port",
        "postgresql://u:sEcret@h/d?ssl=true | unknown parameter 'ssl'",
        "postgresql://u:sEcret@h/d?sslmode=maybe | unknown sslmode 'maybe'",
        "postgresql://u:sEcret@h/d?sslmode=verify-full | needs sslrootcert",
      })
  void saysWhatIsWrongWithAUriWithoutItsPassword(String uri, String message) {
    assertThatThrownBy(() -> DatabaseConfig.of(uri))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " , "})
  void needsACandidate(String uris) {
    assertThatThrownBy(() -> DatabaseConfig.of(uris)).hasMessage("there is no database URI");
  }

  @Test
  void tellsAllMistakesAtOnce() {
    DatabaseConfig config = DatabaseConfig.of("postgresql://u:p@h/d");
    assertThatThrownBy(
            () ->
                new DatabaseConfig(
                    config.candidates(),
                    0,
                    -1,
                    Duration.ZERO,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5)))
        .hasMessage(
            "pool size must be 1 to 1000; max waiting must not be negative; connect timeout must be"
                + " positive; call timeout must be longer than statement timeout");
  }

  @Test
  void neverShowsAPassword() {
    assertThat(DatabaseConfig.of("postgresql://u:sEcret@h/d").toString())
        .contains("postgresql://u@h:5432/d")
        .doesNotContain("sEcret");
  }
}
