package io.starling.relay.share;

import static io.starling.relay.share.SharedFixture.at;
import static io.starling.relay.share.SharedFixture.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.journal.Position;
import io.starling.relay.share.SharedFixture.Gateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which gateway gets what of a shared subscription. */
class SharedRouterIT {
  private final SharedFixture region = new SharedFixture();
  private final Gateway one = region.gateway("one");
  private final Gateway other = region.gateway("other");

  @BeforeEach
  void lead() {
    region.leads(0, Map.of());
  }

  @AfterEach
  void close() {
    region.close();
  }

  private void eventually(ThrowingRunnable claim) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                region.run(
                    () -> {
                      try {
                        claim.run();
                      } catch (Throwable e) {
                        throw new AssertionError(e);
                      }
                    }));
  }

  private static List<Integer> numbers(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  @Test
  void eachEventGoesToOneGatewayByHowManyMembersItHas() {
    one.joins(1, 1_000);
    other.joins(3, 1_000);

    region.publishes(400);

    eventually(
        () -> {
          assertThat(one.given).hasSize(100).isSorted();
          assertThat(other.given).hasSize(300).isSorted();
          assertThat(given(one, other)).hasSize(400);
        });
  }

  @Test
  void noGatewayGetsMoreThanItHasRoomFor() {
    one.joins(5, 3);
    other.joins(1, 2);
    region.publishes(50);
    eventually(() -> assertThat(given(one, other)).hasSize(5));

    one.finishes(1);

    eventually(() -> assertThat(one.has).hasSize(3));
    eventually(() -> assertThat(one.given).hasSize(4));
    assertThat(region.call(() -> Set.copyOf(other.given))).hasSize(2);
  }

  @Test
  void aGroupThatWasBehindGetsAllInOrderAndNothingTwice() {
    one.joins(1, 10);
    region.publishes(95);
    for (int round = 0; round < 9; round++) {
      eventually(() -> assertThat(one.has).hasSize(10));
      one.finishes(10);
    }
    eventually(() -> assertThat(one.given).isEqualTo(numbers(0, 95)));
    one.finishes(10);

    region.publishes(3);

    eventually(() -> assertThat(one.given).isEqualTo(numbers(0, 98)));
  }

  @Test
  void whatASilentGatewayHadGoesToAnother() {
    one.joins(1, 100);
    other.joins(1, 100);
    region.publishes(20);
    eventually(() -> assertThat(given(one, other)).hasSize(20));
    one.finishes(4);
    var left = region.call(() -> Set.copyOf(one.has.values()));

    region.run(() -> region.router.forget("one"));

    eventually(() -> assertThat(other.given).hasSize(16).containsAll(left));
    region.publishes(4);
    eventually(() -> assertThat(other.given).hasSize(20));
  }

  @Test
  void aGatewayThatIsNotThereIsForgottenAtOnce() {
    var lost = new ArrayList<String>();
    region.run(() -> region.router.onLost(lost::add));
    one.joins(1, 100);
    other.joins(1, 100);
    one.dies();

    region.publishes(10);

    eventually(() -> assertThat(given(other)).hasSize(10));
    eventually(() -> assertThat(lost).containsExactly("one"));
  }

  @Test
  void whatAGatewayGivesBackGoesToAnotherFirst() {
    one.joins(1, 10);
    region.publishes(4);
    eventually(() -> assertThat(one.has).hasSize(4));
    other.joins(1, 10);

    one.givesBackAll();

    eventually(() -> assertThat(other.given).containsExactly(0, 1, 2, 3));
  }

  @Test
  void aGatewayThatGivesBackGetsItAgainIfThereIsNoOther() {
    one.joins(1, 10);
    region.publishes(2);
    eventually(() -> assertThat(one.has).hasSize(2));

    one.givesBackAll();

    eventually(
        () -> {
          region.router.sweep();
          assertThat(one.given).containsExactly(0, 1, 0, 1);
        });
  }

  @Test
  void nothingIsKeptForAGroupWhoseLastMemberLeft() {
    one.joins(1, 2);
    region.publishes(5);
    eventually(() -> assertThat(one.has).hasSize(2));

    one.leaves();
    assertThat(region.call(region.router::isEmpty)).isTrue();
    region.publishes(5);
    other.joins(1, 100);
    region.publishes(1);

    eventually(() -> assertThat(other.given).containsExactly(10));
    assertThat(region.meters.get("starling.shared.open").gauge().value()).isEqualTo(1);
  }

  @Test
  void aGroupWhoseGatewayDiedWaitsForMembersToComeAgain() {
    one.joins(1, 100);
    region.publishes(5);
    eventually(() -> assertThat(one.has).hasSize(5));
    region.run(() -> region.router.forget("one"));
    region.publishes(5);

    other.joins(1, 100);

    eventually(() -> assertThat(other.given).isEqualTo(numbers(0, 10)));
  }

  @Test
  void aGatewayWhoseMembersAreGoneFinishesAndGetsNothingMore() {
    one.joins(1, 100);
    region.publishes(2);
    one.joins(0, 0);
    region.publishes(2);
    other.joins(1, 100);
    region.publishes(2);

    eventually(() -> assertThat(other.given).containsExactly(4, 5));
    assertThat(region.call(() -> List.copyOf(one.given))).containsExactly(0, 1);
  }

  @Test
  void aNewLeaderBeginsWhereEverythingWasDone() {
    one.joins(1, 100);
    region.publishes(20);
    eventually(() -> assertThat(one.has).hasSize(20));
    one.finishes(7);

    var cursors = region.call(() -> region.router.states().cursors(0));

    assertThat(cursors).containsExactly(Map.entry("#shared", at(7)));
    region.run(() -> region.router.states().follow(0));
    one.given.clear();
    region.leads(18, positions(cursors));
    eventually(() -> assertThat(one.given).isEqualTo(numbers(7, 20)));
  }

  private static Map<String, Position> positions(
      Map<String, io.starling.contract.JournalPosition> cursors) {
    return cursors.entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey, entry -> new Position(entry.getValue().index(), 0)));
  }

  @Test
  void aGroupWithACursorOfItsOwnBeginsThereAlsoWithALateGateway() {
    region.publishes(20);
    var own = Map.of("#shared:" + SharedFixture.ANN + ":$share/g/t", new Position(5, 0));
    region.leads(20, own);
    assertThat(region.call(() -> region.router.states().cursors(0)))
        .containsEntry("#shared:" + SharedFixture.ANN + ":$share/g/t", at(5));

    one.joins(1, 100);

    eventually(() -> assertThat(one.given).isEqualTo(numbers(5, 20)));
  }

  @Test
  void whateverHappensToGatewaysEachEventIsFinishedWithSomewhere() {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    var gateways = IntStream.range(0, 4).mapToObj(i -> region.gateway("g" + i)).toList();
    var finished = new HashSet<Integer>();
    one.joins(1, 5);
    for (int step = 0; step < 300; step++) {
      region.publishes(random.nextInt(4));
      var gateway = gateways.get(random.nextInt(4));
      switch (random.nextInt(6)) {
        case 0 -> gateway.joins(1 + random.nextInt(3), 1 + random.nextInt(9));
        case 1 -> region.run(() -> region.router.forget(gateway.name));
        case 2 -> gateway.givesBackAll();
        default -> finish(gateway, random.nextInt(8), finished);
      }
      finish(one, 1, finished);
    }
    var all = new ArrayList<>(gateways);
    all.add(one);
    await("again with -Dseed=" + seed)
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              region.run(region.router::sweep);
              all.forEach(gateway -> finish(gateway, 100, finished));
              assertThat(finished).hasSize(region.published());
            });
    assertThat(region.meters.get("starling.shared.open").gauge().value()).isZero();
  }

  private void finish(Gateway gateway, int events, Set<Integer> finished) {
    finished.addAll(gateway.finishes(events));
  }
}
