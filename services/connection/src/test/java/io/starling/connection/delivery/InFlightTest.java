package io.starling.connection.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.delivery.InFlight.Stage;
import io.starling.contract.JournalPosition;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InFlightTest {

  @Test
  void staysWithinTheWindow() {
    var ids = new InFlight(2);
    assertThat(ids.isFull()).isFalse();
    int first = ids.take(Stage.PUBACK, null, 1);
    int second = ids.take(Stage.PUBACK, null, 1);
    assertThat(ids.isFull()).isTrue();
    assertThat(first).isNotEqualTo(second);

    assertThat(ids.stage(first)).isEqualTo(Stage.PUBACK);
    ids.release(first);
    assertThat(ids.stage(first)).isEqualTo(Stage.NONE);
    assertThat(ids.stage(second)).isEqualTo(Stage.PUBACK);
    assertThat(ids.isFull()).isFalse();
  }

  @Test
  void whatTheClientHasIsNotReadAgainButKeepsItsId() {
    var ids = new InFlight(2);
    var source = new Source(1, new JournalPosition(7, 0), 5);
    int packetId = ids.take(Stage.PUBREC, source, 1);
    assertThat(ids.oldest(1)).isEqualTo(source.position());
    assertThat(ids.oldest(0)).isNull();
    assertThat(ids.isIdle()).isFalse();

    ids.received(packetId);

    assertThat(ids.stage(packetId)).isEqualTo(Stage.PUBCOMP);
    assertThat(ids.oldest(1)).isNull();
    assertThat(ids.isIdle()).isTrue();
    assertThat(ids.size()).isEqualTo(1);
  }

  @Test
  void startsAgainAtOneBehindTheHighestId() {
    var ids = new InFlight(1);
    for (int i = 1; i <= 65_535; i++) {
      ids.release(ids.take(Stage.PUBACK, null, 1));
    }
    assertThat(ids.take(Stage.PUBACK, null, 1)).isEqualTo(1);
  }

  @Test
  void neverGivesOutAnIdThatIsInUse() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var ids = new InFlight(100);
    var used = new HashSet<Integer>();
    int stuck = ids.take(Stage.PUBACK, null, 1);
    used.add(stuck);
    for (int step = 0; step < 300_000; step++) {
      if (!ids.isFull() && random.nextBoolean()) {
        int id = ids.take(Stage.PUBACK, null, 1);
        assertThat(id).as("seed %d", seed).isBetween(1, 65_535);
        assertThat(used.add(id)).as("seed %d", seed).isTrue();
      } else if (used.size() > 1) {
        int id = used.stream().filter(one -> one != stuck).findAny().orElseThrow();
        used.remove(id);
        ids.release(id);
      }
    }
    assertThat(ids.size()).isEqualTo(used.size());
  }
}
