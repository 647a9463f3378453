package io.starling.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.webhooks.connect.PrivateTargets;
import io.starling.webhooks.send.SendLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What all share, and what one of them may have of it. */
final class BudgetTest {
  private static final int MEMORY = 64 << 20;
  private final Budget budget = new Budget(MEMORY, 10);

  private void start(int requests, boolean probe) {
    for (int i = 0; i < requests; i++) {
      budget.started(probe);
    }
  }

  @Test
  void memoryEndsAtItsLimit() {
    budget.take(MEMORY - 100);
    assertThat(budget.hasRoomFor(100)).isTrue();
    assertThat(budget.hasRoomFor(101)).isFalse();
  }

  @Test
  void oneBacklogTakesAtMostTwoMebibytes() {
    assertThat(budget.shareOfBytes()).isEqualTo(2 << 20);
  }

  @Test
  void theLessMemoryIsLeftTheLessOneBacklogTakes() {
    budget.take(MEMORY - (8 << 20));
    assertThat(budget.shareOfBytes()).isEqualTo(1 << 20);
  }

  @Test
  void aBacklogAlwaysMayHaveItsShareWhateverTheOthersHold() {
    budget.take(MEMORY);
    assertThat(budget.shareOfBytes()).isEqualTo(MEMORY / 64);
  }

  @Test
  void isTightWithAFifthOfTheMemoryLeft() {
    budget.take(MEMORY / 5 * 4);
    assertThat(budget.isTight()).isFalse();
    budget.take(100);
    assertThat(budget.isTight()).isTrue();
  }

  @Test
  void tellsThoseWhoWaitWhenItIsTightNoMore() {
    budget.take(MEMORY);
    var room = budget.room();
    budget.giveBack(100);
    assertThat(room.isComplete()).isFalse();
    budget.giveBack(MEMORY / 2);
    assertThat(room.isComplete()).isTrue();
  }

  @Test
  void noMoreRequestsAreUnderWayThanAllowed() {
    start(10, false);
    assertThat(budget.admits(false)).isFalse();
  }

  @Test
  void probesTakeAtMostHalfOfAllRequests() {
    start(5, true);
    assertThat(budget.admits(true)).isFalse();
    assertThat(budget.admits(false)).isTrue();
  }

  @Test
  void oneEndpointNeverTakesAllRequestsThatAreLeft() {
    assertThat(budget.shareOfRequests()).isEqualTo(5);
    start(6, false);
    assertThat(budget.shareOfRequests()).isEqualTo(2);
    start(4, false);
    assertThat(budget.shareOfRequests()).isEqualTo(1);
  }

  @Test
  void anEndpointHasNoMoreUnderWayThanItsShare() {
    var endpoint = new Endpoint(64);
    for (int i = 0; i < 7; i++) {
      endpoint.started();
    }
    assertThat(endpoint.admits(0, 8)).isTrue();
    assertThat(endpoint.admits(0, 7)).isFalse();
  }

  @Test
  void oneEndpointCannotBeAllowedMoreThanAll() {
    var retries =
        new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(3));
    assertThatThrownBy(
            () ->
                new DeliveryLimits(
                    new SendLimits(Duration.ofSeconds(1), 10, PrivateTargets.NONE),
                    retries,
                    11,
                    MEMORY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
