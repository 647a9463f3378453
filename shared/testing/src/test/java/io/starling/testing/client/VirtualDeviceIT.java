package io.starling.testing.client;

import static io.starling.testing.Await.done;
import static io.starling.testing.Await.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.starling.testing.TestBroker;
import io.starling.testing.wire.MqttVersion;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualDeviceIT {
  private static final Backoff SOON = new Backoff(Duration.ofMillis(5), Duration.ofMillis(20));

  private final Vertx vertx = Vertx.vertx();
  private TestBroker broker;

  @BeforeEach
  void open() {
    broker = get(TestBroker.open(vertx));
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void countsAPublishAsAckedWhenTheServerHasAnswered(MqttVersion version) {
    var device = VirtualDevice.create(vertx, options().withVersion(version));
    done(device.connect());

    var ack = get(device.publish("temp", Buffer.buffer("21.5"), 1));

    assertThat(ack).isEqualTo(new Ack(0, 0));
    assertThat(broker.payloads()).containsExactly("21.5");
    assertThat(device.history().publications()).containsExactly(new History.Publication(0, true));
    done(device.disconnect());
    assertThat(device.isConnected()).isFalse();
  }

  @Test
  void goesOnAtTheNextNodeWhenItsOwnIsGone() {
    var second = get(TestBroker.open(vertx));
    var next = Target.plain("127.0.0.1", second.port());
    var options = options().withBackoff(SOON).withOthers(List.of(next));
    var device = VirtualDevice.create(vertx, options);
    done(device.connect());
    assertThat(device.target().port()).isEqualTo(broker.port());

    done(broker.close());

    await().untilAsserted(() -> assertThat(device.target()).isEqualTo(next));
    await().until(device::isConnected);
    done(device.publish("temp", Buffer.buffer("x"), 1));
    assertThat(second.payloads()).containsExactly("x");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void publishesWithTheOtherQualitiesOfService(int qos) {
    var device = VirtualDevice.create(vertx, options());
    done(device.connect());
    done(device.publish("temp", Buffer.buffer("x"), qos));
    await().untilAsserted(() -> assertThat(broker.payloads()).containsExactly("x"));
    assertThat(device.history().acked()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(MqttVersion.class)
  void failsToConnectWhenTheServerRefuses(MqttVersion version) {
    var wrong = new Credentials("d", TestBroker.WRONG_SECRET);
    var target = Target.plain("127.0.0.1", broker.port());
    var device = VirtualDevice.create(vertx, DeviceOptions.of(target, wrong).withVersion(version));
    assertThatThrownBy(() -> done(device.connectWithin(Duration.ofSeconds(5))))
        .hasCauseInstanceOf(ConnectRefused.class)
        .hasMessageContaining("not authorized");
    assertThat(broker.connects()).isEqualTo(1);
  }

  @Test
  void keepsNoMoreInFlightThanItsWindowAndNoMoreWaitingThanItsQueue() {
    broker.acknowledge(_ -> false);
    var device = VirtualDevice.create(vertx, options().withMaxInFlight(3).withMaxWaiting(2));
    done(device.connect());
    var answers = new ArrayList<Future<Ack>>();
    for (var i = 0; i < 7; i++) {
      answers.add(device.publish("t", Buffer.buffer("" + i), 1));
    }
    await().until(() -> broker.payloads().size() == 3 && answers.get(6).failed());
    assertThat(answers.stream().filter(Future::failed)).hasSize(2);
    assertThat(broker.payloads()).containsExactly("0", "1", "2");
    assertThat(device.history().acked()).isZero();
  }

  @Test
  void failsWhatALostConnectionLeftUnansweredAndComesBack() {
    broker.acknowledge(_ -> false);
    var device = VirtualDevice.create(vertx, options());
    done(device.connect());
    var lost = device.publish("t", Buffer.buffer("lost"), 1);
    await().until(() -> broker.payloads().size() == 1);

    broker.last().close();

    await().until(() -> lost.failed() && device.reconnects() == 1);
    broker.acknowledge(_ -> true);
    done(device.publish("t", Buffer.buffer("kept"), 1));
    assertThat(device.history().ackedSequences()).containsExactly(1);
  }

  @Test
  void sendsNothingInALaterConnectionIfNothingMayWait() {
    broker.acknowledge(_ -> false);
    var between = new CopyOnWriteArrayList<Future<Ack>>();
    var device = VirtualDevice.create(vertx, options().withMaxInFlight(1).withMaxWaiting(0));
    device.onConnection(
        what -> {
          if (what instanceof ConnectionEvent.Lost) {
            between.add(device.publish("t", Buffer.buffer("between"), 1));
          }
        });
    done(device.connect());
    var sent = device.publish("t", Buffer.buffer("sent"), 1);
    var beyond = device.publish("t", Buffer.buffer("beyond"), 1);
    await().until(() -> broker.payloads().size() == 1);

    broker.acknowledge(_ -> true);
    done(device.cut());

    await().until(() -> device.reconnects() == 1);
    done(device.publish("t", Buffer.buffer("later"), 1));
    assertThat(List.of(sent, beyond, between.getFirst())).allMatch(Future::failed);
    assertThat(broker.payloads()).containsExactly("sent", "later");
  }

  @Test
  void sendsAgainInOrderWhatALostConnectionLeftUnanswered() {
    broker.acknowledge(_ -> false);
    var device = VirtualDevice.create(vertx, options().redelivering().withMaxInFlight(2));
    done(device.connect());
    var answers = new ArrayList<Future<Ack>>();
    for (var text : List.of("a", "b", "c")) {
      answers.add(device.publish("t", Buffer.buffer(text), 1));
    }
    await().until(() -> broker.payloads().size() == 2);

    broker.acknowledge(_ -> true);
    done(device.cut());

    done(Future.all(answers));
    assertThat(broker.payloads()).containsExactly("a", "b", "a", "b", "c");
    assertThat(device.history().acked()).isEqualTo(3);
  }

  @Test
  void subscribesAgainAfterALostConnection() {
    var device = VirtualDevice.create(vertx, options());
    List<String> received = new CopyOnWriteArrayList<>();
    device.onMessage(message -> received.add(message.topic() + "=" + message.text()));
    done(device.connect());
    assertThat(get(device.subscribe(1, "$cloud/call/+/+"))).containsExactly(1);
    done(broker.send("$cloud/call/led/1", "on"));
    await().until(() -> received.size() == 1);

    done(device.cut());
    await().until(() -> device.reconnects() == 1);
    done(broker.send("$cloud/call/led/2", "off"));

    await().until(() -> received.size() == 2);
    assertThat(received).containsExactly("$cloud/call/led/1=on", "$cloud/call/led/2=off");
  }

  @Test
  void staysAwayAfterAnotherConnectionTookItsSessionOver() {
    List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
    var device = VirtualDevice.create(vertx, options().withVersion(MqttVersion.V5));
    device.onConnection(events::add);
    done(device.connect());

    broker
        .last()
        .disconnect(MqttDisconnectReasonCode.SESSION_TAKEN_OVER, MqttProperties.NO_PROPERTIES);

    await().until(() -> !events.isEmpty() && events.getLast() instanceof ConnectionEvent.Ended);
    assertThat(events.getLast()).asString().contains("session taken over");
  }

  @Test
  void keepsTheFirstOfTwoConnectionsAskedForAtOnce() {
    var device = VirtualDevice.create(vertx, options());
    var first = device.connect();
    var second = device.connect();
    done(Future.any(first, second));
    await().until(() -> first.isComplete() && second.isComplete());
    assertThat(first.succeeded()).isNotEqualTo(second.succeeded());
    assertThat(get(device.publish("t", Buffer.buffer("x"), 1)).isAccepted()).isTrue();
    assertThat(device.reconnects()).isZero();
  }

  @Test
  void noticesAServerThatNoLongerAnswersPings() {
    List<ConnectionEvent> events = new CopyOnWriteArrayList<>();
    var device = VirtualDevice.create(vertx, options().withKeepAliveSeconds(1).withoutReconnect());
    device.onConnection(events::add);
    done(device.connect());
    broker.last().autoKeepAlive(false);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> !events.isEmpty() && events.getLast() instanceof ConnectionEvent.Ended);
    assertThat(device.isConnected()).isFalse();
  }

  private DeviceOptions options() {
    return DeviceOptions.of(Target.plain("127.0.0.1", broker.port()), new Credentials("d", "s"))
        .withBackoff(SOON);
  }
}
