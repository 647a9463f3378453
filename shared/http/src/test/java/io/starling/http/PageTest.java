package io.starling.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final List<Integer> SEVEN = List.of(1, 2, 3, 4, 5, 6, 7);

  @Test
  void isAPartOfAList() {
    assertThat(new Page(1, 3).of(SEVEN)).containsExactly(1, 2, 3);
    assertThat(new Page(3, 3).of(SEVEN)).containsExactly(7);
    assertThat(new Page(4, 3).of(SEVEN)).isEmpty();
    assertThat(new Page(999_999, 1_000).of(SEVEN)).isEmpty();
  }

  @Test
  void tellsHowManyThereAre() {
    assertThat(new Page(1, 3).pages(7)).isEqualTo(3);
    assertThat(new Page(1, 3).pages(6)).isEqualTo(2);
    assertThat(new Page(1, 3).pages(0)).isZero();
  }

  @Test
  void isNeverSoLargeThatItsPlaceIsNoNumber() {
    assertThatThrownBy(() -> new Page.Bounds(25, 1_001)).hasMessageContaining("1000");
    assertThatThrownBy(() -> new Page.Bounds(0, 10)).isInstanceOf(IllegalArgumentException.class);
  }
}
