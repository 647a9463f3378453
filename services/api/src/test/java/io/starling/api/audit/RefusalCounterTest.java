package io.starling.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.Actor;
import io.starling.contract.AuditRequest.Refusals;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalCounterTest {
  private final RefusalCounter counter = new RefusalCounter();
  private int firsts;

  private void refuse(String who, String action, String address, int times) {
    var kind = who.isEmpty() ? Actor.Kind.NOBODY : Actor.Kind.PERSON;
    var actor = new Actor(kind, who, "", "", action, "", 0, address, "", "");
    for (int i = 0; i < times; i++) {
      firsts +=
          counter.count(new Refusals(actor, "", true, 403, "forbidden", i, i, 1), address) ? 1 : 0;
    }
  }

  private static long sum(List<Refusals> taken) {
    return taken.stream().mapToLong(Refusals::count).sum();
  }

  @Test
  void countsWhatIsAlikeInOneRow() {
    refuse("a", "GET /v1/x", "192.0.2.1", 5);
    assertThat(counter.take())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.count()).isEqualTo(5);
              assertThat(one.firstMillis()).isZero();
              assertThat(one.lastMillis()).isEqualTo(4);
            });
    assertThat(counter.isEmpty()).isTrue();
  }

  @Test
  void theFirstOfAKindIsTakenOutAloneAndWhatFollowsIsOneRowMore() {
    refuse("a", "GET /v1/x", "192.0.2.1", 2);
    assertThat(counter.takeFirsts()).extracting(Refusals::count).containsExactly(2L);
    refuse("a", "GET /v1/x", "192.0.2.1", 5);
    refuse("a", "GET /v1/y", "192.0.2.1", 1);
    assertThat(counter.takeFirsts()).extracting(Refusals::count).containsExactly(1L);
    assertThat(counter.hasFirsts()).isFalse();
    assertThat(counter.take()).extracting(Refusals::count).containsExactly(5L);
    refuse("a", "GET /v1/x", "192.0.2.1", 1);
    assertThat(counter.takeFirsts()).hasSize(1);
    assertThat(firsts).isEqualTo(3);
  }

  @Test
  void noMoreThanSoManyAreFirstsHoweverOftenTheyAreTakenOut() {
    for (int i = 0; i < 10_000; i++) {
      refuse("account" + i, "GET /v1/x", "192.0.2.1", 1);
      refuse("", "POST /oauth/token", "net" + i, 1);
      var _ = counter.takeFirsts();
    }
    assertThat(firsts).isLessThanOrEqualTo(io.starling.contract.AuditRequest.StoreRefusals.MOST);
  }

  @Test
  void nobodyFillsItFromAnyNumberOfAddresses() {
    for (int i = 0; i < 100_000; i++) {
      refuse("", "POST /oauth/token", "net" + i, 1);
    }
    refuse("a", "GET /v1/x", "192.0.2.1", 1);
    var taken = counter.take();
    assertThat(taken).hasSize(RefusalCounter.MOST_OF_NOBODY + 2);
    assertThat(sum(taken)).isEqualTo(100_001);
    assertThat(counter.merged()).isEqualTo(100_000 - RefusalCounter.MOST_OF_NOBODY);
  }

  @Test
  void oneAccountTakesNoMoreThanItsPart() {
    for (int i = 0; i < 1_000; i++) {
      refuse("a", "GET /v1/x" + i, "192.0.2.1", 1);
    }
    refuse("b", "GET /v1/x", "192.0.2.1", 1);
    var taken = counter.take();
    assertThat(taken).hasSize(RefusalCounter.MOST_OF_ONE + 2);
    assertThat(taken).filteredOn(it -> it.actor().id().equals("b")).hasSize(1);
    assertThat(sum(taken)).isEqualTo(1_001);
  }

  @Test
  void anyNumberOfAccountsFitIntoOneBatch() {
    for (int i = 0; i < 10_000; i++) {
      refuse("account" + i, "GET /v1/x", "192.0.2.1", 1);
    }
    var taken = counter.take();
    assertThat(taken)
        .hasSizeLessThanOrEqualTo(io.starling.contract.AuditRequest.StoreRefusals.MOST);
    assertThat(sum(taken)).isEqualTo(10_000);
  }
}
