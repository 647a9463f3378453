package io.starling.accounts.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuessLimitTest {
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final GuessLimit limit =
      new GuessLimit(() -> java.time.Instant.ofEpochMilli(millis.get()));

  private void wrong(int times, String email, String place) {
    for (int i = 0; i < times; i++) {
      limit.wrong(email, place);
    }
  }

  @Test
  void slowsDownAfterTenMistakesForOneAddress() {
    wrong(9, "ann@x", "1.2.3.4");
    assertThat(limit.pause("ann@x", "1.2.3.4")).isZero();
    limit.wrong("Ann@X", "1.2.3.4");
    assertThat(limit.pause("ann@x", "1.2.3.4")).isEqualTo(Duration.ofSeconds(30));
    assertThat(limit.pause("ben@x", "1.2.3.4")).isZero();
  }

  @Test
  void doesNotLockAPersonOutFromElsewhere() {
    wrong(29, "ann@x", "6.6.6.6");
    assertThat(limit.pause("ann@x", "1.2.3.4")).isZero();
  }

  @Test
  void slowsDownAPlaceThatTriesManyAddresses() {
    for (int i = 0; i < 30; i++) {
      limit.wrong("a" + i + "@x", "6.6.6.6");
    }
    assertThat(limit.pause("new@x", "6.6.6.6")).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void doublesUpToHalfAnHourAndEndsByItself() {
    wrong(11, "ann@x", "1.2.3.4");
    assertThat(limit.pause("ann@x", "1.2.3.4")).isEqualTo(Duration.ofSeconds(60));
    wrong(60, "ann@x", "1.2.3.4");
    assertThat(limit.pause("ann@x", "1.2.3.4")).isEqualTo(Duration.ofMinutes(30));
    millis.addAndGet(Duration.ofMinutes(30).toMillis());
    assertThat(limit.pause("ann@x", "1.2.3.4")).isZero();
  }

  @Test
  void aRightPasswordForgives() {
    wrong(10, "ann@x", "1.2.3.4");
    limit.right("ann@x", "1.2.3.4");
    assertThat(limit.pause("ann@x", "1.2.3.4")).isZero();
  }
}
