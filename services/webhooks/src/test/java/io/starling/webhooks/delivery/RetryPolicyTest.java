package io.starling.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.webhooks.delivery.RetryPolicy.Done;
import io.starling.webhooks.delivery.RetryPolicy.GiveUp;
import io.starling.webhooks.delivery.RetryPolicy.RetryIn;
import io.starling.webhooks.send.Attempt;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryPolicyTest {
  private static final Duration NEW = Duration.ZERO;
  private final RetryPolicy policy =
      new RetryPolicy(Duration.ofSeconds(1), Duration.ofSeconds(60), Duration.ofHours(3));

  @Test
  void oneThatWantsNoMoreIsNotAskedAgain() {
    assertThat(policy.after(Attempt.ofStatus(410, null), 1, NEW, 0.5))
        .isEqualTo(new GiveUp("endpoint answered 410"));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 299})
  void isDoneWhenTaken(int status) {
    assertThat(policy.after(Attempt.ofStatus(status, null), 1, NEW, 0.5)).isEqualTo(new Done());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 400, 401, 404, 422})
  void triesThreeTimesWhatIsRefused(int status) {
    var refused = Attempt.ofStatus(status, null);
    assertThat(policy.after(refused, 1, NEW, 0.5)).isInstanceOf(RetryIn.class);
    assertThat(policy.after(refused, 2, NEW, 0.5)).isInstanceOf(RetryIn.class);
    assertThat(policy.after(refused, 3, NEW, 0.5))
        .isEqualTo(new GiveUp("endpoint answered " + status));
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void goesOnTryingWhatMayWorkLater(int status) {
    assertThat(policy.after(Attempt.ofStatus(status, null), 500, Duration.ofHours(2), 0.5))
        .isEqualTo(new RetryIn(Duration.ofSeconds(30)));
  }

  @ParameterizedTest
  @CsvSource({"1, 1000", "2, 2000", "3, 4000", "6, 32000", "7, 60000", "64, 60000", "5000, 60000"})
  void doublesTheBoundOfThePauseUpToTheLongest(int made, long boundMillis) {
    var down = new Attempt.Unavailable("down", null);
    assertThat(policy.after(down, made, NEW, 1.0))
        .isEqualTo(new RetryIn(Duration.ofMillis(boundMillis)));
    assertThat(policy.after(down, made, NEW, 0.0)).isEqualTo(new RetryIn(Duration.ZERO));
  }

  @Test
  void givesUpWhenTheNextAttemptWouldComeAfterTheEventsTime() {
    var down = new Attempt.Unavailable("down", null);
    assertThat(policy.after(down, 9, Duration.ofHours(3), 0.1)).isInstanceOf(GiveUp.class);
    assertThat(policy.after(down, 9, Duration.ofHours(3).minusSeconds(61), 1.0))
        .isInstanceOf(RetryIn.class);
  }

  private RetryPolicy.Next afterAsking(Duration asked) {
    return policy.after(new Attempt.Unavailable("status 429", asked), 1, NEW, 0.5);
  }

  @Test
  void waitsForAsLongAsItIsAskedTo() {
    assertThat(afterAsking(Duration.ofSeconds(90))).isEqualTo(new RetryIn(Duration.ofSeconds(90)));
  }

  @Test
  void waitsNoLongerThanTenMinutesWhateverIsAsked() {
    var ten = new RetryIn(Duration.ofMinutes(10));
    assertThat(afterAsking(Duration.ofDays(2))).isEqualTo(ten);
    assertThat(afterAsking(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(ten);
  }

  @Test
  void comesNoSoonerThanByItsOwnScheduleWhateverIsAsked() {
    assertThat(afterAsking(Duration.ZERO)).isEqualTo(new RetryIn(Duration.ofMillis(500)));
  }

  @Test
  void aPauseIsAnythingFromNothingToItsBound() {
    assertThat(policy.pause(4, 0.0)).isZero();
    assertThat(policy.pause(4, 0.25)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void givesUpAtOnceWhatCannotBeSent() {
    assertThat(policy.after(new Attempt.Impossible("no url"), 1, NEW, 0.5))
        .isEqualTo(new GiveUp("no url"));
  }
}
