package io.starling.connection.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTest {
  @Test
  void forgetsWhoHadNothingForTheLongest() {
    var recent = new Recent(1, 1_000_000, 2);
    var _ = recent.add("a", 0);
    var _ = recent.add("b", 1);
    var _ = recent.add("a", 2);
    var _ = recent.add("c", 3);
    assertThat(recent.size()).isEqualTo(2);
    assertThat(recent.count("b", 3)).isZero();
    assertThat(recent.count("a", 3)).isPositive();
  }

  @Test
  void leaksAway() {
    var recent = new Recent(10, 1_000, 2);
    assertThat(recent.add("a", 0)).isEqualTo(1);
    assertThat(recent.add("a", 0)).isEqualTo(2);
    assertThat(recent.count("a", 50)).isEqualTo(1.5);
    assertThat(recent.count("a", 1_000)).isZero();
  }
}
