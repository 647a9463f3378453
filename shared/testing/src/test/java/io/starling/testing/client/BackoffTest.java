package io.starling.testing.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3));

  @Test
  void drawsFromZeroToADoublingCeilingThatHasALimit() {
    var random = new Random(1);
    for (var attempt = 0; attempt < 100; attempt++) {
      var ceiling = attempt < 5 ? 100L << attempt : 3_000;
      var delay = backoff.delay(attempt, random).toMillis();
      assertThat(delay).isBetween(0L, ceiling);
    }
  }

  @Test
  void spreadsOverTheWholeRange() {
    var random = new Random(1);
    var delays = random.ints(1_000, 0, 1).mapToObj(_ -> backoff.delay(20, random)).toList();
    assertThat(delays).anyMatch(d -> d.toMillis() < 300).anyMatch(d -> d.toMillis() > 2_700);
  }

  @Test
  void refusesToWaitForNothing() {
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
