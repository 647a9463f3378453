package io.starling.embedded.pair;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.embedded.pair.Patience.Wrong;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final long SECOND = 1_000_000_000;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Patience patience = new Patience();

  @Test
  void countsFromTheLastTimeThatItWasGood() {
    assertThat(note(true, 0)).isEqualTo(Wrong.NOTHING);
    assertThat(note(false, 5).time()).isEqualTo(Duration.ofSeconds(5));
    assertThat(note(false, 8).isFor(LIMIT)).isFalse();
    assertThat(note(false, 10).isFor(LIMIT)).isTrue();
  }

  @Test
  void startsAnewWhenItWasGoodInBetween() {
    Wrong _ = note(false, 0);
    Wrong _ = note(false, 9);
    Wrong _ = note(true, 10);
    assertThat(note(false, 12)).isEqualTo(new Wrong(Duration.ofSeconds(2), 1));
  }

  @Test
  void timeInWhichNobodyLookedProvesNothing() {
    Wrong _ = note(true, 0);
    assertThat(note(false, 600).isFor(LIMIT)).isFalse();
    assertThat(note(false, 601).isFor(LIMIT)).isFalse();
    assertThat(note(false, 602).isFor(LIMIT)).isTrue();
  }

  @Test
  void countsFromTheFirstLookIfItNeverWasGood() {
    Wrong _ = note(false, 100);
    Wrong _ = note(false, 105);
    assertThat(note(false, 109).isFor(LIMIT)).isFalse();
    assertThat(note(false, 110).isFor(LIMIT)).isTrue();
  }

  @Test
  void forgets() {
    Wrong _ = note(false, 0);
    Wrong _ = note(false, 20);
    patience.forget();
    assertThat(note(false, 21)).isEqualTo(new Wrong(Duration.ZERO, 1));
  }

  private Wrong note(boolean good, long seconds) {
    return patience.note("a", good, seconds * SECOND);
  }
}
