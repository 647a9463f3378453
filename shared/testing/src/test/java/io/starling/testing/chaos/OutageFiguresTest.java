package io.starling.testing.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.testing.history.Publication;
import io.starling.testing.history.Recovery;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutageFiguresTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void allowsATenthOfALongOutageForItsBacklog() {
    assertThat(late(figures(Duration.ofSeconds(17), 0))).isEmpty();
    assertThat(late(figures(Duration.ofSeconds(19), 0))).containsExactly("rows of what waited");
  }

  @Test
  void asksForNoLessThanAllOfTheBacklog() {
    assertThat(late(figures(null, 0))).containsExactly("rows of what waited");
  }

  @Test
  void seesACriticalEventThatWasNotTreatedAsOne() {
    assertThat(late(figures(SECOND, 1))).containsExactly("the critical class of rows");
  }

  @Test
  void seesDevicesThatLostTheirConnectionsOrWaited() {
    assertThat(Waits.of("", events(1, 2, 10), 0, seconds(100)).lost()).isEqualTo(1);
    assertThat(Waits.of("", events(1, 1, 10), 0, seconds(100)).lost()).isZero();
    assertThat(Waits.of("", events(1, 1, 10), 0, seconds(100)).slowest())
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(Waits.of("", events(1, 1, 10), 0, seconds(1)).slowest()).isEqualTo(SECOND);
  }

  /** One device: an event that waited for a second, and one that waited for so long. */
  private static List<List<Publication>> events(int session, int other, long wait) {
    return List.of(
        List.of(
            new Publication(0, 0, session, 0, seconds(1)),
            new Publication(0, 1, other, seconds(2), seconds(2 + wait))));
  }

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  private static List<String> late(OutageFigures figures) {
    return figures.recovery(1).steps().stream()
        .filter(step -> !step.inTime())
        .map(Recovery.Step::what)
        .toList();
  }

  private static OutageFigures figures(
      @org.jspecify.annotations.Nullable Duration rows, long misplaced) {
    var waits = List.of(new Waits("", 1, 0, Duration.ZERO, Duration.ZERO, 0));
    return new OutageFigures(
        Duration.ofMinutes(3),
        "node-1",
        waits,
        waits,
        Optional.of(SECOND),
        1,
        1,
        1,
        Optional.of(SECOND),
        SECOND,
        Optional.of(SECOND),
        1_000,
        Optional.ofNullable(rows),
        Optional.of(SECOND),
        List.of(SECOND),
        misplaced,
        Optional.of(SECOND));
  }
}
