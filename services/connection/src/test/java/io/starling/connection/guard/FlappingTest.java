package io.starling.connection.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FlappingTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void waitsLongerEachTimeUpToALimit() {
    var flapping = new Flapping(2);
    assertThat(flapping.connects("a", 0)).isZero();
    assertThat(flapping.connects("a", 0)).isZero();
    assertThat(flapping.connects("a", 0)).isEqualTo(500);
    assertThat(flapping.connects("a", 0)).isEqualTo(1_000);
    for (int i = 0; i < 20; i++) {
      assertThat(flapping.connects("a", 0)).isBetween(1_500L, 5_000L);
    }
    assertThat(flapping.connects("b", 0)).isZero();
  }

  @Test
  void isForgottenWithTime() {
    var flapping = new Flapping(2);
    for (int i = 0; i < 3; i++) {
      var _ = flapping.connects("a", 0);
    }
    assertThat(flapping.connects("a", 60 * SECOND)).isZero();
  }

  @Test
  void neverMeetsWhoComesNowAndThen() {
    var flapping = new Flapping(2);
    for (int i = 0; i < 100; i++) {
      assertThat(flapping.connects("a", 31L * i * SECOND)).isZero();
    }
  }

  @Test
  void mayBeOff() {
    var flapping = new Flapping(0);
    for (int i = 0; i < 100; i++) {
      assertThat(flapping.connects("a", 0)).isZero();
    }
  }
}
