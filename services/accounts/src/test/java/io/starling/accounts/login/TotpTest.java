package io.starling.accounts.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
  private static final Instant NOW = Instant.ofEpochSecond(1_111_111_109);
  private static final long STEP = 37_037_036;

  /** RFC 6238, appendix B, SHA-1: the last six of the eight digits there. */
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void givesThePasswordsOfTheSpecification(long second, String password) {
    assertThat(Totp.password(SECRET, second / 30)).isEqualTo(password);
  }

  @Test
  void takesTheStepBeforeAndTheStepToComeAndNoOther() {
    for (long step = STEP - 1; step <= STEP + 1; step++) {
      assertThat(Totp.step(SECRET, Totp.password(SECRET, step), NOW, 0)).hasValue(step);
    }
    assertThat(Totp.step(SECRET, Totp.password(SECRET, STEP - 2), NOW, 0)).isEmpty();
    assertThat(Totp.step(SECRET, Totp.password(SECRET, STEP + 2), NOW, 0)).isEmpty();
  }

  @Test
  void takesNoneThatIsNotBehindTheLastOne() {
    assertThat(Totp.step(SECRET, Totp.password(SECRET, STEP), NOW, STEP)).isEmpty();
    assertThat(Totp.step(SECRET, Totp.password(SECRET, STEP - 1), NOW, STEP)).isEmpty();
    assertThat(Totp.step(SECRET, Totp.password(SECRET, STEP + 1), NOW, STEP)).hasValue(STEP + 1);
  }

  /** RFC 4648, section 10. */
  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB"})
  void writesSecretsAsPeopleTypeThem(String bytes, String text) {
    assertThat(Totp.base32(bytes.getBytes(StandardCharsets.US_ASCII))).isEqualTo(text);
  }
}
