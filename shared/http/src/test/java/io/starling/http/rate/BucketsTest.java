package io.starling.http.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BucketsTest {
  /** Near the end of its range: what counts is how much later. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);

  private final Buckets buckets = new Buckets(new Rate(3, Duration.ofSeconds(30)), nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void givesAsManyAsThereAreAndThenOneByOne() {
    assertThat(buckets.take("a").remaining()).isEqualTo(2);
    assertThat(buckets.take("a").remaining()).isEqualTo(1);
    assertThat(buckets.take("a"))
        .isEqualTo(new Buckets.Level(true, 0, Duration.ofSeconds(30), Duration.ofSeconds(10)));
    assertThat(buckets.take("a"))
        .isEqualTo(new Buckets.Level(false, 0, Duration.ofSeconds(30), Duration.ofSeconds(10)));

    pass(Duration.ofSeconds(10));
    assertThat(buckets.take("a").taken()).isTrue();
    assertThat(buckets.take("a").taken()).isFalse();
  }

  @Test
  void isFullAgainAfterTheWindow() {
    for (int i = 0; i < 5; i++) {
      var _ = buckets.take("a");
    }

    pass(Duration.ofHours(5));

    assertThat(buckets.take("a").remaining()).isEqualTo(2);
  }

  @Test
  void costsNothingToBeRefused() {
    for (int i = 0; i < 1_000; i++) {
      var _ = buckets.take("a");
    }

    pass(Duration.ofSeconds(10));
    assertThat(buckets.take("a").taken()).isTrue();
  }

  @Test
  void keepsPeopleApart() {
    for (int i = 0; i < 4; i++) {
      var _ = buckets.take("a");
    }

    assertThat(buckets.take("b").taken()).isTrue();
    assertThat(buckets.take("a").taken()).isFalse();
  }

  @Test
  void remembersOnlySoManyAndOfThoseWhoCameLast() {
    for (int i = 0; i < Buckets.MAX_KEYS * 3; i++) {
      var _ = buckets.take("often");
      var _ = buckets.take("address " + i);
    }

    assertThat(buckets.size()).isEqualTo(Buckets.MAX_KEYS);
    assertThat(buckets.take("often").taken()).isFalse();
  }
}
