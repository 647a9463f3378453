package io.starling.testing.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakTest {
  private static List<Double> minutes(double first, double more) {
    return IntStream.range(0, 60).mapToObj(minute -> first + more * minute).toList();
  }

  @Test
  void takesALineWithoutASlopeForFlat() {
    assertThat(Soak.isFlat(minutes(200, 0))).isTrue();
    assertThat(Soak.isFlat(minutes(200, -1))).isTrue();
    assertThat(Soak.isFlat(List.of(100.0))).isTrue();
  }

  @Test
  void findsOutAMegabyteAndAHalfAMinute() {
    assertThat(Soak.isFlat(minutes(200, 1.5))).isFalse();
  }

  @Test
  void theFirstQuarterMayGrow() {
    var filling = IntStream.range(0, 60).mapToObj(minute -> Math.min(minute, 15) * 20.0).toList();
    assertThat(Soak.isFlat(filling)).isTrue();
  }
}
