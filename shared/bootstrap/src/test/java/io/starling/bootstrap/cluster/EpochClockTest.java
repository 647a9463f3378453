package io.starling.bootstrap.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EpochClockTest {
  private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
  private final EpochClock clock = new EpochClock(() -> Instant.ofEpochMilli(millis.get()));

  @Test
  void growsWhileTheWallClockStandsOrGoesBack() {
    long first = clock.next();
    long second = clock.next();
    millis.addAndGet(-60_000);
    long third = clock.next();
    assertThat(second).isGreaterThan(first);
    assertThat(third).isGreaterThan(second);
  }

  @Test
  void tellsTheTime() {
    millis.addAndGet(5_000);
    assertThat(EpochClock.millis(clock.next())).isEqualTo(millis.get());
  }

  @Test
  void goesOnAboveWhatItSaw() {
    long ahead = (millis.get() + 3_600_000) << 16;
    clock.observe(ahead);
    assertThat(clock.next()).isGreaterThan(ahead);
  }

  @Test
  void twoThatHaveSeenTheSameEpochDoNotComeToTheSameNext() {
    var one = new EpochClock(() -> Instant.ofEpochMilli(1_000), 7);
    var other = new EpochClock(() -> Instant.ofEpochMilli(1_000), 4_095);
    long ahead = 2_000L << 16;
    one.observe(ahead);
    other.observe(ahead);
    var seen = new HashSet<Long>();
    long before = ahead;
    for (int i = 0; i < 100; i++) {
      long next = one.next();
      assertThat(next).isGreaterThan(before);
      assertThat(seen.add(next)).isTrue();
      assertThat(seen.add(other.next())).isTrue();
      before = next;
    }
  }
}
