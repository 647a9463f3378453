package io.starling.bootstrap.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.GatewayHint;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GatewaysTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Gateways gateways = new Gateways(nanos::get);

  private static SessionEntry entry(int keepAliveSeconds) {
    return new SessionEntry("node-1-0", 7, true, 5, keepAliveSeconds, "::1");
  }

  private void pass(long seconds) {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  private boolean online(int keepAliveSeconds) {
    return gateways.now(entry(keepAliveSeconds)).online();
  }

  @Test
  void aDeviceOfABrokenGatewayIsOnlineForOneAndAHalfKeepAlives() {
    pass(1_000);
    gateways.heard(new GatewayHint.Present("node-1-0", 0));
    pass(45);
    assertThat(online(30)).isTrue();
    pass(1);
    assertThat(online(30)).isFalse();
    assertThat(gateways.now(entry(30)).gateway()).isEqualTo("node-1-0");
    gateways.heard(new GatewayHint.Present("node-1-0", 0));
    assertThat(online(30)).isTrue();
  }

  @Test
  void aShortKeepAliveIsNoReasonToDoubtAGatewayThatMissedABeat() {
    gateways.heard(new GatewayHint.Present("node-1-0", 0));
    pass(5);
    assertThat(online(1)).isTrue();
    pass(1);
    assertThat(online(1)).isFalse();
  }

  @Test
  void whoWasNeverHeardOfCountsFromTheBeginning() {
    assertThat(online(10)).isTrue();
    pass(16);
    assertThat(online(10)).isFalse();
    assertThat(online(0)).isTrue();
  }

  @Test
  void whoIsOfflineStaysSo() {
    var entry = new SessionEntry("node-1-0", 7, false, 5, 30, "::1");
    assertThat(gateways.now(entry)).isEqualTo(entry);
  }
}
