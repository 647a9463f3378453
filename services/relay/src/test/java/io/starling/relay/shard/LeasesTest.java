package io.starling.relay.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.RelayRequest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private static final long SETTLED = TimeUnit.MILLISECONDS.toNanos(1_500);
  private final Leases leases = new Leases();

  private boolean ask(String holder, boolean renews, long millis, long term, long atNanos) {
    var request = new RelayRequest.Lease("relay", 0, "webhooks", holder, renews, millis);
    return leases.ask(request, term, atNanos);
  }

  private boolean take(String holder, long atNanos) {
    return ask(holder, false, 5_000, 1, atNanos);
  }

  private boolean settled() {
    return take("nobody", 0);
  }

  @Test
  void oneHoldsItUntilItsTimeIsOver() {
    assertThat(settled()).isFalse();
    assertThat(take("a", SETTLED)).isTrue();
    assertThat(take("b", SETTLED + TimeUnit.MILLISECONDS.toNanos(4_999))).isFalse();
    assertThat(take("b", SETTLED + TimeUnit.MILLISECONDS.toNanos(5_000))).isTrue();
    assertThat(take("a", SETTLED + TimeUnit.MILLISECONDS.toNanos(5_001))).isFalse();
  }

  @Test
  void itsHolderRenewsAndEndsIt() {
    assertThat(settled()).isFalse();
    assertThat(take("a", SETTLED)).isTrue();
    assertThat(ask("a", true, 5_000, 1, 2 * SETTLED)).isTrue();
    assertThat(take("b", 3 * SETTLED)).isFalse();
    assertThat(ask("b", true, 0, 1, 3 * SETTLED)).isFalse();
    assertThat(take("b", 3 * SETTLED)).isFalse();
    assertThat(ask("a", true, 0, 1, 3 * SETTLED)).isFalse();
    assertThat(take("b", 3 * SETTLED)).isTrue();
  }

  @Test
  void aNewLeaderHearsWhoHadItFirst() {
    assertThat(settled()).isFalse();
    assertThat(take("a", SETTLED)).isTrue();
    long later = 10 * SETTLED;
    assertThat(ask("b", false, 5_000, 2, later)).isFalse();
    assertThat(ask("a", true, 5_000, 2, later + 1)).isTrue();
    assertThat(ask("b", false, 5_000, 2, later + SETTLED)).isFalse();
  }

  @Test
  void consumersOfOneShardDoNotMeet() {
    assertThat(settled()).isFalse();
    assertThat(take("a", SETTLED)).isTrue();
    var other = new RelayRequest.Lease("relay", 0, "sink", "b", false, 5_000);
    assertThat(leases.ask(other, 1, SETTLED)).isTrue();
  }
}
