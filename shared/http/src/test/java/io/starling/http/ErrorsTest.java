package io.starling.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ErrorsTest {
  @Test
  void saysAccessTokenOfBadTokensOnly() {
    // Particle's tool logs its user out when it reads these words, or the status 401.
    for (var answer :
        new Answer.Whole[] {
          Errors.notFound(),
          Errors.internal(),
          Errors.unavailable("Not for now", 1),
          Errors.tooMany("Too many", 1),
          Errors.badRequest("Bad")
        }) {
      assertThat(answer.body().toString()).doesNotContainIgnoringCase("access token");
      assertThat(answer.status()).isNotEqualTo(401);
    }
    assertThat(Errors.tokenInvalid().status()).isEqualTo(401);
    assertThat(Errors.tokenExpired().status()).isEqualTo(401);
    assertThat(Errors.tokenMissing().status()).isEqualTo(400);
  }

  @Test
  void tellsAtLeastASecondToWait() {
    assertThat(Errors.unavailable("x", 0).headers()).containsEntry("Retry-After", "1");
    assertThat(Errors.tooMany("x", 9).headers()).containsEntry("Retry-After", "9");
  }

  @Test
  void writesTimesWithMilliseconds() {
    assertThat(Timestamps.of(Instant.parse("2026-01-02T03:04:05Z")))
        .isEqualTo("2026-01-02T03:04:05.000Z");
    assertThat(Timestamps.of(1_767_323_045_678L)).isEqualTo("2026-01-02T03:04:05.678Z");
  }
}
