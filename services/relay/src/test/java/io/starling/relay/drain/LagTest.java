package io.starling.relay.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.journal.Position;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LagTest {
  private static final long AN_HOUR = TimeUnit.HOURS.toMillis(1);

  private final Lag lag = new Lag();

  private static Position at(long index) {
    return new Position(index, 0);
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void note(long at, long end, long nowMillis) {
    lag.note(at(at), at(end), nanos(nowMillis));
  }

  private long millis(long nowMillis) {
    return lag.millis(nanos(nowMillis));
  }

  @Test
  void isNoneAtTheEnd() {
    note(5, 5, 100);

    assertThat(millis(900)).isZero();
  }

  @Test
  void growsWhileNothingMoves() {
    note(5, 5, 100);
    note(5, 6, 200);
    note(5, 9, 5_000);

    assertThat(millis(10_200)).isEqualTo(10_000);
  }

  @Test
  void staysSmallForOneWhoIsAlwaysAStepBehind() {
    note(5, 5, 0);
    for (int turn = 1; turn <= 1_000; turn++) {
      note(4 + turn, 5 + turn, 50L * turn);

      assertThat(millis(50L * turn)).isLessThanOrEqualTo(100);
    }
  }

  @Test
  void isTheAgeOfWhatWaitsWhileAnOutageIsCaughtUpWith() {
    note(5, 5, 0);
    for (int minute = 1; minute <= 60; minute++) {
      note(5, 5 + 10L * minute, 60_000L * minute);
    }
    assertThat(millis(AN_HOUR)).isEqualTo(AN_HOUR - 60_000);

    // What was committed in the first minute is done.
    note(15, 605, AN_HOUR + 10);
    assertThat(millis(AN_HOUR + 10)).isEqualTo(AN_HOUR + 10 - 60_000);
    lag.found(AN_HOUR / 2, nanos(AN_HOUR + 20));
    assertThat(millis(AN_HOUR + 20)).isEqualTo(AN_HOUR / 2);

    note(605, 606, AN_HOUR + 30);
    assertThat(millis(AN_HOUR + 30)).isLessThanOrEqualTo(20);
  }

  @Test
  void isNotMoreThanWasSeenThoughAPublishersClockIsBehind() {
    note(5, 5, 0);
    note(5, 6, 100);

    lag.found(AN_HOUR, nanos(150));

    assertThat(millis(200)).isEqualTo(100);
  }

  @Test
  void isWhatThePublishersClockSaysUntilEnoughWasSeen() {
    note(0, 100, 0);
    lag.found(AN_HOUR, nanos(10));
    assertThat(millis(20)).isEqualTo(AN_HOUR + 10);

    note(100, 101, 30);
    lag.found(AN_HOUR, nanos(40));

    assertThat(millis(40)).isEqualTo(40);
  }

  @Test
  void isNoneForAClockThatIsAhead() {
    note(0, 100, 0);

    lag.found(-AN_HOUR, nanos(10));

    assertThat(millis(10)).isZero();
  }
}
