package io.starling.connection.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitedReleasesTest {
  private final AwaitedReleases awaited = new AwaitedReleases();

  @Test
  void keepsEachIdOnceInItsOrderUntilItIsReleased() {
    for (int packetId : new int[] {7, 65_535, 1, 7, 3, 2}) {
      awaited.add(packetId);
    }
    assertThat(awaited.all()).containsExactly(7, 65_535, 1, 3, 2);

    assertThat(awaited.remove(1)).isTrue();
    assertThat(awaited.remove(1)).isFalse();
    assertThat(awaited.contains(1)).isFalse();
    assertThat(awaited.all()).containsExactly(7, 65_535, 3, 2);
  }

  @Test
  void whatIsOfAnEarlierConnectionIsCountedApart() {
    awaited.resume(List.of(1, 2, 3));
    awaited.add(4);
    awaited.add(2);
    assertThat(awaited.own()).isEqualTo(1);

    assertThat(awaited.remove(2)).isTrue();
    awaited.add(2);
    assertThat(awaited.own()).isEqualTo(2);
    assertThat(awaited.remove(4)).isTrue();
    assertThat(awaited.own()).isEqualTo(1);
    assertThat(awaited.size()).isEqualTo(3);
  }
}
