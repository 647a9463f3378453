package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CursorChangeTest {
  private static final Position EARLY = new Position(1, 0);
  private static final Position LATE = new Position(1, 7);

  @Test
  void neverGoesBack() {
    assertThat(CursorChange.commit("c", EARLY).after(LATE)).isEqualTo(LATE);
    assertThat(CursorChange.commit("c", LATE).after(EARLY)).isEqualTo(LATE);
    assertThat(CursorChange.commit("c", LATE).then(CursorChange.commit("c", EARLY)).after(null))
        .isEqualTo(LATE);
  }

  @Test
  void goesBackOnceRemoved() {
    CursorChange again = CursorChange.remove("c").then(CursorChange.commit("c", EARLY));
    assertThat(again.after(LATE)).isEqualTo(EARLY);
    assertThat(CursorChange.commit("c", EARLY).then(CursorChange.remove("c")).after(LATE)).isNull();
  }
}
