package io.starling.connection.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketIdsTest {

  @Test
  void staysWithinTheWindow() {
    var ids = new PacketIds(2);
    assertThat(ids.isFull()).isFalse();
    int first = ids.take();
    int second = ids.take();
    assertThat(ids.isFull()).isTrue();
    assertThat(first).isNotEqualTo(second);

    assertThat(ids.release(first)).isTrue();
    assertThat(ids.release(first)).isFalse();
    assertThat(ids.isFull()).isFalse();
  }

  @Test
  void startsAgainAtOneBehindTheHighestId() {
    var ids = new PacketIds(1);
    for (int i = 1; i <= 65_535; i++) {
      assertThat(ids.release(ids.take())).isTrue();
    }
    assertThat(ids.take()).isEqualTo(1);
  }

  @Test
  void neverGivesOutAnIdThatIsInUse() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var ids = new PacketIds(100);
    var used = new HashSet<Integer>();
    int stuck = ids.take();
    used.add(stuck);
    for (int step = 0; step < 300_000; step++) {
      if (!ids.isFull() && random.nextBoolean()) {
        int id = ids.take();
        assertThat(id).as("seed %d", seed).isBetween(1, 65_535);
        assertThat(used.add(id)).as("seed %d", seed).isTrue();
      } else if (used.size() > 1) {
        int id = used.stream().filter(one -> one != stuck).findAny().orElseThrow();
        used.remove(id);
        assertThat(ids.release(id)).as("seed %d", seed).isTrue();
      }
    }
    assertThat(ids.size()).isEqualTo(used.size());
  }
}
