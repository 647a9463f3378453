package io.starling.relay.share;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.AccountId;
import io.starling.contract.Interest.Share;
import io.starling.contract.SharedFilter;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whose turn it is. */
class GroupTest {
  private final Vertx vertx = Vertx.vertx();
  private final Giving giving = new Giving(new Bus(vertx), "r", _ -> {});
  private final Group group =
      new Group(AccountId.create(), SharedFilter.parse("$share/g/t").orElseThrow(), giving);

  @AfterEach
  void close() {
    var _ = vertx.close();
  }

  @Test
  void ofAnyRowOfEventsEachHasItsPartAsItsMembersAre() {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    int holders = 2 + random.nextInt(5);
    var members = new int[holders];
    int all = 0;
    for (int i = 0; i < holders; i++) {
      members[i] = 1 + random.nextInt(9);
      all += members[i];
      group.sit(new Holder("h" + i), new Share(members[i], 1_000));
    }
    var turns = new HashMap<String, Integer>();
    for (int event = 1; event <= 500; event++) {
      var seat = requireNonNull(group.next(1, 0));
      turns.merge(seat.holder().name(), 1, Integer::sum);
      for (int i = 0; i < holders; i++) {
        assertThat(turns.getOrDefault("h" + i, 0))
            .as("again with -Dseed=" + seed)
            .isBetween(
                (int) Math.floor((double) event * members[i] / all) - holders,
                (int) Math.ceil((double) event * members[i] / all) + holders);
      }
    }
  }

  @Test
  void whoRestsOrHasNoMembersIsPassedOver() {
    var one = new Holder("one");
    group.sit(one, new Share(1, 10));
    group.sit(new Holder("none"), new Share(0, 0));
    group.sit(new Holder("other"), new Share(1, 10));
    requireNonNull(one.seats().get(group)).rest(100);

    for (int i = 0; i < 5; i++) {
      var seat = requireNonNull(group.next(1, 99));
      assertThat(seat.holder().name()).isEqualTo("other");
    }
    assertThat(group.next(1, 100)).isNotNull();
    assertThat(group.isDeserted()).isFalse();
  }

  @Test
  void aHolderIsNotGivenMoreBytesThanItMayHave() {
    var holder = new Holder("h");
    group.sit(holder, new Share(1, 10));
    assertThat(group.next(9 << 20, 0)).isNotNull();
    holder.opened(5 << 20);
    assertThat(group.next(3 << 20, 0)).isNotNull();
    assertThat(group.next(4 << 20, 0)).isNull();
  }
}
