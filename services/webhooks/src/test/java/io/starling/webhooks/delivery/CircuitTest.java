package io.starling.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CircuitTest {
  private static final Duration PAUSE = Duration.ofMillis(100);
  private final Circuit circuit = new Circuit(64);

  private void open(long now) {
    for (int i = 0; i < 5; i++) {
      circuit.failed(false, true, now, PAUSE);
    }
  }

  @Test
  void allowsAllAtFirst() {
    assertThat(circuit.allowedAt(0)).isEqualTo(64);
    assertThat(circuit.isOpen()).isFalse();
  }

  @Test
  void halvesWithEachFailureAndRecoversWithEachSuccess() {
    circuit.failed(false, true, 0, PAUSE);
    assertThat(circuit.allowedAt(0)).isEqualTo(32);
    circuit.failed(false, true, 0, PAUSE);
    assertThat(circuit.allowedAt(0)).isEqualTo(16);
    circuit.answered();
    assertThat(circuit.allowedAt(0)).isEqualTo(17);
  }

  @Test
  void opensAfterFiveFailuresInARowAndThenProbesOneAtATime() {
    open(1_000);
    assertThat(circuit.isOpen()).isTrue();
    assertThat(circuit.allowedAt(1_099)).isZero();
    assertThat(circuit.allowedAt(1_100)).isEqualTo(1);
  }

  @Test
  void countsTheFailuresOfProbesOnlyOnceItIsOpen() {
    open(1_000);
    for (int i = 0; i < 60; i++) {
      circuit.failed(false, true, 1_000, Duration.ofHours(1));
    }
    assertThat(circuit.failedProbes()).isEqualTo(1);
    assertThat(circuit.allowedAt(1_100)).isEqualTo(1);
    circuit.failed(true, true, 1_100, PAUSE);
    assertThat(circuit.failedProbes()).isEqualTo(2);
    assertThat(circuit.allowedAt(1_199)).isZero();
  }

  @Test
  void closesWithTheFirstSuccessAndStartsSlowly() {
    open(1_000);
    circuit.answered();
    assertThat(circuit.isOpen()).isFalse();
    assertThat(circuit.failedProbes()).isZero();
    assertThat(circuit.allowedAt(1_001)).isEqualTo(2);
  }

  @Test
  void staysAwayForAsLongAsItIsAskedTo() {
    circuit.pauseUntil(5_000);
    assertThat(circuit.allowedAt(4_999)).isZero();
    assertThat(circuit.allowedAt(5_000)).isEqualTo(64);
  }

  @Test
  void isNotOpenedByWhatFailsAgainAndAgain() {
    for (int i = 0; i < 60; i++) {
      circuit.failed(false, false, 1_000, PAUSE);
    }
    assertThat(circuit.isOpen()).isFalse();
    open(1_000);
    assertThat(circuit.isOpen()).isTrue();
  }
}
