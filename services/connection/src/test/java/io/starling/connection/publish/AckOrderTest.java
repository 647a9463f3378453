package io.starling.connection.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.mqtt.AckCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AckOrderTest {
  private final AckOrder order = new AckOrder();

  private List<Integer> takeReady() {
    var ready = new ArrayList<Integer>();
    while (order.ready() != null) {
      ready.add(order.packetId());
      order.remove();
    }
    return ready;
  }

  @Test
  void laterOutcomesWaitForEarlierOnes() {
    long first = order.open(7, false, 10, 0);
    long second = order.open(3, false, 20, 0);
    long third = order.open(9, false, 30, 0);

    order.settle(third, AckCode.SUCCESS);
    order.settle(second, AckCode.NOT_AUTHORIZED);
    assertThat(takeReady()).isEmpty();

    order.settle(first, AckCode.SUCCESS);
    assertThat(takeReady()).containsExactly(7, 3, 9);
    assertThat(order.size()).isZero();
    assertThat(order.bytes()).isZero();
  }

  @Test
  void keepsTheCodeOfEach() {
    long first = order.open(1, false, 0, 0);
    order.settle(first, AckCode.QUOTA_EXCEEDED);
    assertThat(order.ready()).isEqualTo(AckCode.QUOTA_EXCEEDED);
  }

  @Test
  void knowsWhatIsOpen() {
    long first = order.open(1, false, 5, 0);
    long second = order.open(2, false, 6, 0);
    assertThat(order.isOpen(1)).isTrue();
    assertThat(order.bytes()).isEqualTo(11);

    order.settle(first, AckCode.SUCCESS);
    assertThat(order.isOpen(1)).isTrue();
    assertThat(takeReady()).containsExactly(1);
    assertThat(order.isOpen(1)).isFalse();
    assertThat(order.isOpen(2)).isTrue();
    order.settle(second, AckCode.SUCCESS);
  }

  @Test
  void leavesInOrderWhateverTheOrderOfOutcomes() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var expected = new ArrayDeque<Integer>();
    var unsettled = new ArrayList<Long>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(100) < 52) {
        int packetId = 1 + random.nextInt(65_535);
        unsettled.add(order.open(packetId, false, random.nextInt(100), step));
        expected.add(packetId);
      } else if (!unsettled.isEmpty()) {
        order.settle(unsettled.remove(random.nextInt(unsettled.size())), AckCode.SUCCESS);
        for (int packetId : takeReady()) {
          assertThat(packetId).as("seed %d", seed).isEqualTo(expected.remove());
        }
      }
    }
    unsettled.forEach(ticket -> order.settle(ticket, AckCode.SUCCESS));
    assertThat(takeReady()).as("seed %d", seed).containsExactlyElementsOf(expected);
  }
}
