package io.starling.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final int TICK_MILLIS = 50;
  private final TokenBucket bucket = new TokenBucket();

  private int startedWithin(long fromMillis, long untilMillis) {
    int started = 0;
    for (long now = fromMillis; now < untilMillis; now += TICK_MILLIS) {
      while (bucket.hasOne(now)) {
        bucket.take();
        started++;
      }
    }
    return started;
  }

  @Test
  void allowsTheRateToThoseWhoLookOnlyEveryNowAndThen() {
    for (double rate : new double[] {0.1, 0.5, 3, 20, 333, 10_000}) {
      bucket.allow(rate, 0);
      double burst = 1 + rate / 10;
      assertThat(startedWithin(0, 100_000))
          .as("%s a second", rate)
          .isBetween((int) (rate * 99.5), (int) Math.ceil(rate * 100 + burst));
    }
  }

  @Test
  void allowsNoMoreAfterAPauseThanALittleInAdvance() {
    bucket.allow(100, 0);
    assertThat(startedWithin(0, 1)).isOne();
    assertThat(startedWithin(3_600_000, 3_600_001)).isEqualTo(11);
  }

  @Test
  void aChangeOfTheRateGivesNothingAway() {
    bucket.allow(10_000, 0);
    assertThat(bucket.hasOne(1_000)).isTrue();
    bucket.allow(1, 1_000);
    assertThat(startedWithin(1_000, 1_050)).isOne();
    bucket.allow(1, 1_100);
    assertThat(startedWithin(1_100, 1_150)).isZero();
  }

  @Test
  void aClockThatGoesBackGivesNothing() {
    bucket.allow(1, 10_000);
    assertThat(startedWithin(10_000, 10_050)).isOne();
    assertThat(startedWithin(1_000, 1_050)).isZero();
    assertThat(startedWithin(2_000, 2_050)).isOne();
  }

  @Test
  void withoutARateThereIsNoLimit() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(bucket.hasOne(0)).isTrue();
      bucket.take();
    }
  }
}
