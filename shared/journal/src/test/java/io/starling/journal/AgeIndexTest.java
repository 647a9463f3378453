package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AgeIndexTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private final AgeIndex ages = new AgeIndex(Duration.ofHours(3));

  @Test
  void knowsNothingOfAnEmptyLog() {
    assertThat(ages.lastNotAfter(Long.MAX_VALUE)).isEqualTo(-1);
  }

  @Test
  void findsTheLastEntryBeforeAPause() {
    ages.add(1, 0);
    ages.add(2, 1);
    ages.add(3, HOUR);
    assertThat(ages.lastNotAfter(HOUR - 1)).isEqualTo(2);
    assertThat(ages.lastNotAfter(HOUR)).isEqualTo(3);
  }

  @Test
  void takesAClockThatGoesBackAsStanding() {
    ages.add(1, HOUR);
    ages.add(2, 0);
    assertThat(ages.lastNotAfter(HOUR - 1)).isEqualTo(-1);
    assertThat(ages.lastNotAfter(HOUR)).isEqualTo(2);
  }

  @Test
  void neverNamesAYoungEntryAndLagsAStepAtMost() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long[] times = new long[20_000];
    long time = 0;
    for (int i = 0; i < times.length; i++) {
      time += random.nextInt(3000);
      times[i] = time;
      ages.add(i, time);
    }
    long step = Duration.ofHours(3).toMillis() / 256;
    for (long cutoff = 0; cutoff < time; cutoff += random.nextInt(100_000)) {
      int found = (int) ages.lastNotAfter(cutoff);
      if (found >= 0) {
        assertThat(times[found]).as("seed %d", seed).isLessThanOrEqualTo(cutoff);
      }
      assertThat(times[found + 1]).as("seed %d", seed).isGreaterThan(cutoff - step - 3000);
    }
  }
}
