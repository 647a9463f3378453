package io.starling.accounts.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GuessLimitTest {
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final GuessLimit limit =
      new GuessLimit(() -> java.time.Instant.ofEpochMilli(millis.get()));

  private final GuessLimit people =
      GuessLimit.ofPeople(() -> java.time.Instant.ofEpochMilli(millis.get()));

  @Test
  void slowsDownAHundredPlacesThatTryOnePerson() {
    for (int i = 0; i < 100; i++) {
      assertThat(people.pause("ann@x", "6.6.6." + i)).isZero();
      people.wrong("ann@x", "6.6.6." + i);
    }
    assertThat(people.pause("Ann@X", "7.7.7.7")).isEqualTo(Duration.ofSeconds(30));
    assertThat(people.pause("ben@x", "7.7.7.7")).isZero();
    people.wrong("ann@x", "7.7.7.7");
    millis.addAndGet(Duration.ofSeconds(30).toMillis());
    assertThat(people.pause("ann@x", "7.7.7.8")).isZero();
  }

  @Test
  void locksNobodyOutOfWhereHeWasRightBefore() {
    people.right("ann@x", "1.2.3.4");
    for (int i = 0; i < 200; i++) {
      people.wrong("ann@x", "6.6.6." + i);
    }
    assertThat(people.pause("ann@x", "1.2.3.4")).isZero();
    assertThat(people.pause("ann@x", "1.2.3.5")).isPositive();
    people.right("ann@x", "1.2.3.4");
    assertThat(people.pause("ann@x", "1.2.3.5")).isZero();
  }

  @Test
  void locksNobodyOutOfWhatIsEverybodys() {
    for (int i = 0; i < 200; i++) {
      limit.wrong("", "6.6.6." + i);
    }
    assertThat(limit.pause("", "1.2.3.4")).isZero();
  }

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
