package io.starling.connection.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConnectPaceTest {
  private static final double MAX = 1_000;
  private static final long IN_TIME = 1_000_000;
  private static final long SO_SO = 60_000_000;
  private static final long LATE = 400_000_000;

  private static ConnectPace atFullSpeed() {
    var pace = new ConnectPace(MAX);
    for (int look = 0; look < 1_000; look++) {
      var _ = pace.observe(IN_TIME);
    }
    return pace;
  }

  @Test
  void beginsSlowlyAndGrowsByEqualSteps() {
    var pace = new ConnectPace(MAX);
    assertThat(pace.perSecond()).isEqualTo(100);
    assertThat(pace.observe(IN_TIME)).isEqualTo(110);
    assertThat(pace.observe(IN_TIME)).isEqualTo(120);
  }

  @Test
  void neverExceedsTheLimit() {
    assertThat(atFullSpeed().perSecond()).isEqualTo(MAX);
  }

  @Test
  void fallsByAThirdWheneverTheLoopIsLate() {
    var pace = atFullSpeed();
    assertThat(pace.observe(LATE)).isCloseTo(670, within(1.0));
    assertThat(pace.observe(LATE)).isCloseTo(449, within(1.0));
  }

  @Test
  void neverFallsBelowATenth() {
    var pace = atFullSpeed();
    for (int look = 0; look < 100; look++) {
      var _ = pace.observe(LATE);
    }
    assertThat(pace.perSecond()).isEqualTo(100);
  }

  @Test
  void staysWhileTheLoopIsNeitherInTimeNorLate() {
    var pace = new ConnectPace(MAX);
    assertThat(pace.observe(SO_SO)).isEqualTo(100);
  }
}
