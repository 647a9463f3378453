package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PINGRESP;
import static io.starling.connection.RawClient.PUBACK;
import static io.starling.connection.RawClient.SUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.connection.admission.AdmissionLimits;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More clients come than are let in. */
class AdmissionIT {
  private static final String ELSEWHERE = "other.example:1883";
  private static final String ELSEWHERE_PROPERTY = "1c00126f746865722e6578616d706c653a31383833";

  @RegisterExtension private final TestRegion region = TestRegion.start();

  /** A gateway that begins with a tenth of this rate. */
  private int gateway(int perSecond, Duration patience, @Nullable String serverReference) {
    var limits = new AdmissionLimits(perSecond, 1, patience);
    var config =
        TestRegion.config(
            limits, TestRegion.config().publish(), serverReference, Duration.ofSeconds(4));
    return region.gateway("a", config).mqttPort();
  }

  private static RawClient connecting(int port, boolean v5, String device) {
    var client = RawClient.open(port, v5);
    client.send(client.connect("", device, "s"));
    return client;
  }

  private double turns(String how) {
    return region.count("starling.mqtt.admissions", "turn", how);
  }

  private double waiting() {
    return region.metrics.registry().get("starling.mqtt.admission.waiting").gauge().value();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoeverWaitsIsLetInWithAllItSentMeanwhile(boolean v5) {
    int port = gateway(5, Duration.ofSeconds(20), null);
    var ids = region.devices(4);
    var clients = new ArrayList<RawClient>();
    for (var id : ids) {
      var client = RawClient.open(port, v5);
      clients.add(client);
      client.send(
          client.connect("", id.toString(), "s"),
          client.subscribe(1, 1, id + "/#"),
          client.publish(2, "b", "x"),
          client.ping());
    }
    for (var client : clients) {
      assertThat(client.read(CONNACK).u8(1)).isZero();
      assertThat(List.of(client.read().type(), client.read().type(), client.read().type()))
          .containsExactlyInAnyOrder(SUBACK, PUBACK, PINGRESP);
      client.close();
    }
    assertThat(turns("at_once") + turns("waited")).isEqualTo(4);
    assertThat(waiting()).isZero();
  }

  @Test
  void muchThatAWaitingClientSendsWaitsInItsSocket() {
    int port = gateway(5, Duration.ofSeconds(20), null);
    var ids = region.devices(2);
    try (var first = connecting(port, true, ids.getFirst().toString());
        var second = RawClient.open(port, true)) {
      second.send(second.connect("", ids.getLast().toString(), "s"));
      for (int i = 0; i < 300; i++) {
        second.send(second.publish0("n" + i, "x".repeat(1_000)));
      }
      second.send(second.ping());

      assertThat(first.read(CONNACK).u8(1)).isZero();
      assertThat(second.read(CONNACK).u8(1)).isZero();
      assertThat(second.read(PINGRESP)).isNotNull();
      region.await(() -> region.relay.events.size() == 300);
      assertThat(region.relay.names().getFirst()).isEqualTo("n0");
      assertThat(region.relay.names().getLast()).isEqualTo("n299");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoeverWaitsInVainIsToldThatTheServerIsBusy(boolean v5) {
    int port = gateway(1, Duration.ofSeconds(1), null);
    var ids = region.devices(2);
    try (var first = connecting(port, v5, ids.getFirst().toString());
        var second = connecting(port, v5, ids.getLast().toString())) {
      assertThat(first.read(CONNACK).u8(1)).isZero();
      assertThat(second.read(CONNACK).u8(1)).isEqualTo(v5 ? 0x89 : 3);
      assertThat(second.ends()).isTrue();
      assertThat(turns("waited_in_vain")).isEqualTo(1);
    }
  }

  /** Its CONNECT lies in the socket while the gateway is frozen, and it has long gone elsewhere. */
  @Test
  void whoeverHasLeftWhileTheGatewayWasFrozenThrowsNobodyOut() {
    int port = gateway(1_000, Duration.ofSeconds(20), null);
    var id = region.devices(1).getFirst().toString();
    try (var live = connecting(port, true, id)) {
      assertThat(live.read(CONNACK).u8(1)).isZero();
      long frozenNanos = System.nanoTime();
      var thaw = freezeLoops();
      connecting(port, true, id).close();
      region.await(() -> System.nanoTime() - frozenNanos > 1_500_000_000L);
      thaw.countDown();

      region.await(() -> turns("gone") == 1);
      live.send(live.ping());
      assertThat(live.read().type()).isEqualTo(PINGRESP);
    }
  }

  /** Every event loop stands still until the latch is released. */
  private CountDownLatch freezeLoops() {
    var thaw = new CountDownLatch(1);
    var loops = VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE;
    var frozen = new CountDownLatch(loops);
    for (int i = 0; i < loops; i++) {
      region
          .vertx
          .deployVerticle(
              new VerticleBase() {
                @Override
                public Future<?> start() {
                  context.runOnContext(
                      _ -> {
                        frozen.countDown();
                        awaitUninterruptibly(thaw);
                      });
                  return Future.succeededFuture();
                }
              })
          .onComplete(_ -> {});
    }
    awaitUninterruptibly(frozen);
    return thaw;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void whoeverWaitsInVainIsToldOfAnotherServer() {
    int port = gateway(1, Duration.ofSeconds(1), ELSEWHERE);
    var ids = region.devices(2);
    try (var first = connecting(port, true, ids.getFirst().toString());
        var second = connecting(port, true, ids.getLast().toString())) {
      assertThat(first.read(CONNACK).u8(1)).isZero();
      var refused = second.read(CONNACK);
      assertThat(refused.u8(1)).isEqualTo(0x9c);
      assertThat(refused.hex()).contains(ELSEWHERE_PROPERTY);
    }
  }

  @Test
  void theLineIsBounded() {
    int port = gateway(1, Duration.ofSeconds(20), null);
    var clients = new ArrayList<RawClient>();
    for (var id : region.devices(60)) {
      clients.add(connecting(port, true, id.toString()));
    }
    // One is let in at once, 20 wait, of whom few get in meanwhile.
    region.await(() -> turns("too_many") >= 30);
    assertThat(waiting()).isBetween(1.0, 20.0);
    assertThat(region.count("starling.mqtt.connects", "result", "server_busy"))
        .isGreaterThanOrEqualTo(30);
    clients.forEach(RawClient::close);
    region.await(() -> waiting() == 0);
  }

  @Test
  void whoeverGoesAwayMakesRoom() {
    int port = gateway(1, Duration.ofSeconds(20), null);
    var ids = region.devices(3);
    try (var first = connecting(port, false, ids.getFirst().toString())) {
      assertThat(first.read(CONNACK).u8(1)).isZero();
      var second = connecting(port, false, ids.get(1).toString());
      region.await(() -> waiting() == 1 || turns("waited") == 1);
      second.close();
      region.await(() -> waiting() == 0);
      try (var third = connecting(port, false, ids.getLast().toString())) {
        assertThat(third.read(CONNACK).u8(1)).isZero();
      }
    }
  }

  @Test
  void noCredentialIsLookedAtBeforeItsTurn() {
    int port = gateway(1, Duration.ofSeconds(20), null);
    var ids = region.devices(1);
    try (var first = connecting(port, true, ids.getFirst().toString());
        var stranger = RawClient.open(port, true)) {
      stranger.send(stranger.connect("", ids.getFirst().toString(), "wrong"));
      assertThat(first.read(CONNACK).u8(1)).isZero();
      assertThat(stranger.isQuiet()).isTrue();
      assertThat(stranger.read(CONNACK).u8(1)).isEqualTo(0x86);
    }
  }
}
