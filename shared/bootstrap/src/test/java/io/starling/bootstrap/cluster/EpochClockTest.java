package io.starling.bootstrap.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EpochClockTest {
  private static final long MOST_AHEAD_MILLIS = 15 * 60_000;

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

  /** Gateways whose wall clocks are minutes apart, and a device that moves between them. */
  @Test
  void aDeviceOutrunsTheFastestClockAtItsSecondTryAtTheLatest() {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      var gateways = gateways(random);
      long known = 0;
      for (int move = 0; move < 100; move++) {
        millis.addAndGet(random.nextInt(10_000));
        var gateway = gateways.get(random.nextInt(gateways.size()));
        long epoch = gateway.next();
        if (epoch <= known) { // what the map of sessions says to a gateway that is behind
          gateway.observe(known);
          epoch = gateway.next();
        }
        assertThat(epoch).as("-Dseed=%d, run %d, move %d", seed, run, move).isGreaterThan(known);
        known = epoch;
      }
      long fastest = millis.get() + MOST_AHEAD_MILLIS;
      assertThat(EpochClock.millis(known)).as("-Dseed=%d", seed).isLessThanOrEqualTo(fastest + 1);
    }
  }

  private List<EpochClock> gateways(Random random) {
    return IntStream.range(0, 5)
        .mapToObj(
            own -> {
              long ahead = random.nextLong(-MOST_AHEAD_MILLIS, MOST_AHEAD_MILLIS + 1);
              return new EpochClock(() -> Instant.ofEpochMilli(millis.get() + ahead), own);
            })
        .toList();
  }
}
