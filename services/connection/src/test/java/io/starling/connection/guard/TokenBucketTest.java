package io.starling.connection.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static int taken(TokenBucket bucket, long now) {
    int taken = 0;
    while (taken < 1_000_000 && bucket.take(now)) {
      taken++;
    }
    return taken;
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 100, Long.MIN_VALUE + 100})
  void givesTheBurstAndThenTheRateWhereverTheClockBegins(long start) {
    var bucket = new TokenBucket(10, 5, start);

    assertThat(taken(bucket, start)).isEqualTo(5);
    assertThat(taken(bucket, start + SECOND / 20)).isZero();
    assertThat(taken(bucket, start + SECOND / 10)).isEqualTo(1);
    assertThat(taken(bucket, start + 3 * SECOND / 10)).isEqualTo(2);
  }

  @Test
  void keepsNoMoreThanTheBurst() {
    var bucket = new TokenBucket(1_000, 3, 0);
    assertThat(taken(bucket, 0)).isEqualTo(3);
    assertThat(taken(bucket, 3_600 * SECOND)).isEqualTo(3);
  }

  @Test
  void aRateThatChangesCountsFromThere() {
    var bucket = new TokenBucket(10, 1, 0);
    assertThat(taken(bucket, 0)).isEqualTo(1);
    bucket.rate(1);
    assertThat(taken(bucket, SECOND / 2)).isZero();
    assertThat(taken(bucket, SECOND)).isEqualTo(1);
    bucket.rate(100);
    assertThat(taken(bucket, SECOND + SECOND / 100)).isEqualTo(1);
  }

  @Test
  void reservesInTurnAndNotTooFarAhead() {
    var bucket = new TokenBucket(10, 1, 0);
    assertThat(bucket.reserve(0, SECOND)).isZero();
    assertThat(bucket.reserve(0, SECOND / 4)).isEqualTo(SECOND / 10);
    assertThat(bucket.reserve(0, SECOND / 4)).isEqualTo(2 * SECOND / 10);
    assertThat(bucket.reserve(0, SECOND / 4)).isNegative();
    assertThat(bucket.take(SECOND / 4)).isFalse();
    assertThat(bucket.take(3 * SECOND / 10)).isTrue();
  }

  @Test
  void tellsWhenItIsAsGoodAsNew() {
    var bucket = new TokenBucket(10, 2, 0);
    assertThat(bucket.isFull(0)).isTrue();
    assertThat(bucket.take(0)).isTrue();
    assertThat(bucket.isFull(SECOND / 20)).isFalse();
    assertThat(bucket.isFull(SECOND / 10)).isTrue();
  }
}
