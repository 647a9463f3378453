package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.TestRegion.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.bootstrap.cluster.SessionEntry;
import io.starling.contract.GatewayHint;
import io.starling.contract.GatewayRequest;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One session per client, the newest; and what the map of sessions is told. */
class TakeoverIT {
  private static final String ID = TestRegion.DEVICE.toString();

  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final ConnectionService first = region.gateway("a");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSecondConnectionAtTheSameGatewayTakesOver(boolean v5) {
    try (var old = RawClient.device(first.mqttPort(), v5);
        var young = RawClient.device(first.mqttPort(), v5)) {
      assertThat(old.endsWith(0x8e)).isTrue();

      young.send(young.publish(1, "a", "b"));
      assertThat(young.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(region.onlineSession(ID).gateway()).isEqualTo("a-0");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConnectionAtAnotherGatewayTakesOver(boolean v5) {
    var second = region.gateway("b");
    try (var old = RawClient.device(first.mqttPort(), v5)) {
      long epoch = region.onlineSession(ID).epoch();
      try (var young = RawClient.device(second.mqttPort(), v5)) {
        assertThat(old.endsWith(0x8e)).isTrue();
        region.await(() -> region.onlineSession(ID).gateway().equals("b-0"));
        assertThat(region.onlineSession(ID).epoch()).isGreaterThan(epoch);
        assertThat(young.isQuiet()).isTrue();
      }
    }
  }

  @Test
  void aKickLeavesANewerSessionAlone() {
    try (var device = RawClient.device(first.mqttPort(), true)) {
      long epoch = region.onlineSession(ID).epoch();
      region.bus.hint(new GatewayRequest.Kick("a-0", ID, epoch));
      assertThat(device.isQuiet()).isTrue();

      region.bus.hint(new GatewayRequest.Kick("a-0", ID, epoch + 1));
      assertThat(device.endsWith(0x8e)).isTrue();
    }
  }

  @Test
  void theLowerEpochLosesAgainstOneThatIsOnline() {
    long ahead = (System.currentTimeMillis() + 60_000) << 16;
    done(region.sessions.put(ID, new SessionEntry("z-0", ahead, true, 0, "")));

    try (var device = RawClient.device(first.mqttPort(), true)) {
      assertThat(device.endsWith(0x8e)).isTrue();
    }
    // The clock has seen the higher epoch: the next connection wins.
    try (var device = RawClient.device(first.mqttPort(), true)) {
      assertThat(device.isQuiet()).isTrue();
      assertThat(region.onlineSession(ID).epoch()).isGreaterThan(ahead);
    }
  }

  @Test
  void aClientThatComesFromAFasterClockTakesOver() {
    long ahead = (System.currentTimeMillis() + 60_000) << 16;
    done(region.sessions.put(ID, new SessionEntry("z-0", ahead, true, 0, "")));
    region.bus.publish(new GatewayHint.Present("z-0", ahead + 1));
    region.await(() -> region.clock.next() > ahead);

    try (var device = RawClient.device(first.mqttPort(), true)) {
      assertThat(device.isQuiet()).isTrue();
      assertThat(region.onlineSession(ID).epoch()).isGreaterThan(ahead);
    }
  }

  @Test
  void aHigherEpochThatIsOverIsOutrun() {
    long ahead = (System.currentTimeMillis() + 60_000) << 16;
    done(region.sessions.put(ID, new SessionEntry("z-0", ahead, false, 0, "")));

    try (var device = RawClient.device(first.mqttPort(), true)) {
      region.await(() -> region.onlineSession(ID).epoch() > ahead);
      device.send(device.publish(1, "a", "b"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);
      assertThat(region.onlineSession(ID).gateway()).isEqualTo("a-0");
    }
  }

  @Test
  void tellsTheMapOfTheBeginningAndOfTheEnd() {
    SessionEntry online;
    try (var _ = RawClient.device(first.mqttPort(), false)) {
      online = region.onlineSession(ID);
      assertThat(online.gateway()).isEqualTo("a-0");
      assertThat(online.address()).isEqualTo("127.0.0.1");
    }
    region.await(() -> !region.session(ID).orElseThrow().online());
    assertThat(region.session(ID).orElseThrow().epoch()).isEqualTo(online.epoch());
  }

  private static boolean isRefused(int port, boolean v5) {
    try (var _ = RawClient.open(port, v5)) {
      return false;
    } catch (UncheckedIOException e) {
      return true;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStopTellsTheClientsAndTheMapWithinTwoSeconds(boolean v5) {
    try (var device = RawClient.device(first.mqttPort(), v5)) {
      long epoch = region.onlineSession(ID).epoch();
      int port = first.mqttPort();
      long start = System.nanoTime();

      done(region.vertx.undeploy(first.deploymentID()));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(device.endsWith(0x8b)).isTrue();
      var entry = region.session(ID).orElseThrow();
      assertThat(entry.online()).isFalse();
      assertThat(entry.epoch()).isEqualTo(epoch);
      // The system may give a port back a moment after it was closed.
      region.await(() -> isRefused(port, v5));
    }
  }
}
