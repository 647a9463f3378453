package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PacingTest {
  private final Pacing pacing = new Pacing(100_000);

  @Test
  void doesNotWaitWhileTheLogIsShort() {
    assertThat(pacing.windowNanos(0)).isZero();
    assertThat(pacing.windowNanos(25_000)).isZero();
  }

  @Test
  void growsToFiftyMillisecondsAndNoFurther() {
    assertThat(pacing.windowNanos(50_000)).isEqualTo(25_000_000);
    assertThat(pacing.windowNanos(75_000)).isEqualTo(50_000_000);
    assertThat(pacing.windowNanos(10_000_000)).isEqualTo(50_000_000);
  }

  @Test
  void refusesAtTwiceTheBudget() {
    assertThat(pacing.exhausted(199_999)).isFalse();
    assertThat(pacing.exhausted(200_000)).isTrue();
  }
}
