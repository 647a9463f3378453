package io.starling.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PulseTest {
  private long millis = 1_000;
  private final Registrations registrations = new Registrations("here");
  private final Pulse pulse =
      new Pulse(registrations, UnaryOperator.identity(), () -> millis * 1_000_000);

  @BeforeEach
  void twoOthers() {
    registrations.take(new Notice("near", 1, null, Map.of("relay", List.of(1L))));
    registrations.take(new Notice("far", 1, null, Map.of("relay", List.of(1L))));
  }

  /** Time passes in which these are heard. */
  private void pass(int forMillis, String... heard) {
    for (int left = forMillis; left > 0; left -= 500) {
      millis += 500;
      for (var node : heard) {
        pulse.heard(node);
      }
      pulse.turn();
    }
  }

  private List<String> asked() {
    return registrations.find("relay").stream().map(found -> found.nodeId()).toList();
  }

  @Test
  void doesNotAskWhoIsSilentUntilItIsHeardAgain() {
    pass(500, "near", "far");
    pass(2_500, "near");
    assertThat(asked()).contains("far");
    pass(500, "near");
    assertThat(asked()).containsExactly("near");
    assertThat(pulse.silent()).containsExactly("far");

    pulse.heard("far");
    assertThat(asked()).containsExactlyInAnyOrder("near", "far");
    assertThat(pulse.silent()).isEmpty();
  }

  @Test
  void givesUpTheSilentAfterFiveSecondsThoughNobodyElseServes() {
    registrations.forget("near");
    pass(500, "far");
    pass(5_000);
    assertThat(asked()).containsExactly("far");
    pass(500);
    assertThat(asked()).isEmpty();
  }

  @Test
  void doesNotMissWhoWasNeverHeard() {
    pass(60_000, "near");
    assertThat(asked()).containsExactlyInAnyOrder("near", "far");
  }

  @Test
  void takesAPauseOfItsOwnForNobodysSilence() {
    pass(1_000, "near", "far");
    millis += 20_000;
    pulse.turn();
    assertThat(pulse.silent()).isEmpty();
    pass(3_000, "near");
    assertThat(pulse.silent()).containsExactly("far");
  }

  @Test
  void forgetsWhoHasLeft() {
    pass(500, "near", "far");
    pass(3_000, "near");
    registrations.forget("far");
    pass(500, "near");
    assertThat(pulse.silent()).isEmpty();

    registrations.take(new Notice("far", 2, null, Map.of("relay", List.of(1L))));
    pass(500, "near");
    assertThat(asked()).containsExactlyInAnyOrder("near", "far");
  }

  @Test
  void goesOnWithWhoHasLeftWithoutFallingSilent() {
    registrations.forget("near");
    pass(500, "far");
    pulse.departed("far");
    assertThat(asked()).containsExactly("far");
    pass(500, "far");
    pulse.departed("far");
    pass(2_000, "far");
    assertThat(asked()).containsExactly("far");
  }

  @Test
  void asksWhoHasLeftNothingMoreIfItFallsSilent() {
    registrations.forget("near");
    pass(500, "far");
    pulse.departed("far");
    pass(1_500);
    assertThat(asked()).isEmpty();
  }

  @Test
  void asksWhoHasLeftNothingWhereThereAreOthersUntilItIsHeard() {
    pass(500, "near", "far");
    pulse.departed("far");
    assertThat(asked()).containsExactly("near");
    assertThat(pulse.silent()).as("it is no member").isEmpty();

    pass(30_000, "near");
    assertThat(asked()).containsExactly("near");
    pulse.heard("far");
    assertThat(asked()).containsExactlyInAnyOrder("near", "far");
    assertThat(pulse.isLost("far")).isFalse();
  }

  @Test
  void givesUpWhoHasLeftAndIsNotHeardForAMinute() {
    pass(500, "near", "far");
    pulse.departed("far");
    pass(50_000, "near");
    assertThat(pulse.isLost("far")).isFalse();
    pass(11_000, "near");
    assertThat(pulse.isLost("far")).isTrue();
    pulse.arrived("far");
    assertThat(pulse.isLost("far")).isFalse();
  }
}
