package io.starling.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.webhooks.match.Terms;
import java.time.Duration;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** An endpoint that goes and comes back, by a clock of its own. */
final class EndpointTest {
  private static final int MOST = 64;
  private static final int ANSWER_MILLIS = 10;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private final Endpoint endpoint = new Endpoint(MOST);

  private static Terms terms(double rate, int concurrency) {
    return new Terms(false, null, rate, concurrency);
  }

  /**
   * Starts whatever is admitted at each millisecond, each answered after some; how many that were.
   */
  private int drain(long fromMillis, long untilMillis) {
    var answers = new PriorityQueue<Long>();
    int started = 0;
    for (long now = fromMillis; now < untilMillis; now++) {
      while (!answers.isEmpty() && answers.peek() <= now) {
        var _ = answers.remove();
        endpoint.ended();
        endpoint.circuit.answered();
      }
      while (endpoint.admits(now, MOST)) {
        endpoint.started();
        answers.add(now + ANSWER_MILLIS);
        started++;
      }
    }
    while (!answers.isEmpty()) {
      var _ = answers.remove();
      endpoint.ended();
    }
    return started;
  }

  private void fail(int times, long nowMillis) {
    for (int i = 0; i < times; i++) {
      boolean probe = endpoint.circuit.isOpen();
      endpoint.started();
      endpoint.ended();
      endpoint.circuit.failed(probe, true, nowMillis, PAUSE);
    }
  }

  @Test
  void isProbedOneAtATimeAndAfterAPauseWhileItDoesNotAnswer() {
    fail(5, 0);
    for (long now = 1_000; now <= 5_000; now += 1_000) {
      assertThat(endpoint.admits(now - 1, MOST)).as("before the pause is over").isFalse();
      assertThat(endpoint.admits(now, MOST)).isTrue();
      endpoint.started();
      assertThat(endpoint.admits(now + 500, MOST)).as("while one probe is under way").isFalse();
      endpoint.ended();
      endpoint.circuit.failed(true, true, now, PAUSE);
      assertThat(endpoint.circuit.isOpen()).isTrue();
    }
  }

  @Test
  void getsMoreAndMoreWhenItIsBack() {
    fail(5, 0);
    assertThat(drain(1_000, 1_010)).as("the probe").isEqualTo(1);
    endpoint.circuit.answered();
    int first = drain(1_010, 1_020);
    int second = drain(1_020, 1_120);
    assertThat(first).isBetween(2, 6);
    assertThat(second).isGreaterThan(10 * first);
    // 64 at once, each 10 ms.
    assertThat(drain(1_200, 2_200)).isBetween(6_000, 6_500);
  }

  @Test
  void getsNoMoreThanItsRateWhenItIsBack() {
    endpoint.agree(terms(50, MOST), 1, 0);
    fail(5, 0);
    // The probe opens the way; then 50 a second and a few in advance.
    assertThat(drain(10_000, 14_000)).isBetween(195, 206);
  }

  @Test
  void takesThePartOfTheRegionsRateThatItsShardsAre() {
    endpoint.agree(terms(100, 8), 0.25, 0);
    assertThat(drain(0, 4_000)).isBetween(95, 104);
    endpoint.agree(terms(Double.POSITIVE_INFINITY, 8), 0.25, 4_000);
    assertThat(drain(4_000, 4_001)).isEqualTo(2);
    endpoint.agree(terms(Double.POSITIVE_INFINITY, 1), 0.25, 4_000);
    assertThat(drain(4_100, 4_101)).isEqualTo(1);
  }
}
