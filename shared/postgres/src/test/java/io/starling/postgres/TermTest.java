package io.starling.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TermTest {
  @Test
  void ordersByRestoreThenTimeline() {
    assertThat(new Term(0, 9)).isLessThan(new Term(1, 1));
    assertThat(new Term(1, 1)).isLessThan(new Term(1, 2));
    assertThat(new Term(1, 2).isBefore(new Term(1, 2))).isFalse();
  }

  @Test
  void readsTheTimelineFromTheNameOfALogFile() {
    assertThat(Standing.timeline("0000001A00000001000000FF")).isEqualTo(26);
    assertThat(Standing.timeline("FFFFFFFF0000000000000001")).isEqualTo(4294967295L);
  }
}
