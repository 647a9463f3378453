package io.starling.connection;

import static io.starling.connection.RawClient.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.EventClass;
import io.starling.contract.Origin;
import io.starling.contract.RelayReply;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From PUBLISH to PUBACK, over real sockets, with a relay that answers as it is told. */
class PublishIT {
  @RegisterExtension private final TestRegion region = TestRegion.start();
  private final int port = region.gateway("a").mqttPort();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void acknowledgesOnlyAfterCommit(boolean v5) {
    region.relay.holds();
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(7, "temp", "21.5"));
      region.await(() -> region.relay.held.size() == 1);
      assertThat(device.isQuiet()).isTrue();

      region.relay.release();

      assertThat(device.read(PUBACK).u16(0)).isEqualTo(7);
      var event = region.relay.events.getFirst();
      assertThat(event.name()).isEqualTo("temp");
      assertThat(event.data().toString()).isEqualTo("21.5");
      assertThat(event.origin()).isEqualTo(Origin.DEVICE);
      assertThat(event.account()).isEqualTo(TestRegion.OWNER);
      assertThat(event.product()).isEqualTo(7);
      assertThat(event.id().origin()).isEqualTo(TestRegion.DEVICE);
      assertThat(event.eventClass()).isEqualTo(EventClass.NORMAL);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void acknowledgesInTheOrderOfThePublishes(boolean v5) {
    region.relay.holds();
    try (var device = RawClient.device(port, v5)) {
      device.send(
          device.publish(3, "a", "1"),
          device.publish(1, "spark/reserved", "x"),
          device.publish(2, "$other", "x"));
      region.await(() -> region.relay.held.size() == 1);
      device.send(device.publish(9, "b", "2"));
      assertThat(device.isQuiet()).isTrue();

      region.relay.commits();
      region.relay.release();

      assertThat(device.read(PUBACK).u16(0)).isEqualTo(3);
      var reserved = device.read(PUBACK);
      assertThat(reserved.u16(0)).isEqualTo(1);
      assertThat(reserved.body().length() > 2 ? reserved.u8(2) : 0).isEqualTo(v5 ? 0x87 : 0);
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(2);
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(9);
      assertThat(region.relay.names()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRepeatedPublishIsTheSameEventWhileItIsNotAcknowledged(boolean v5) {
    region.relay.holds();
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(5, "a", "1"));
      region.await(() -> region.relay.held.size() == 1);
      device.send(device.publish(0x3a, 5, "a", "1", ""));
      device.send(device.publish(6, "b", "2"));
      region.await(
          () -> region.count("starling.mqtt.publishes", "qos", "1", "result", "repeated") == 1);
      region.relay.commits();
      region.relay.release();

      assertThat(device.read(PUBACK).u16(0)).isEqualTo(5);
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(6);
      assertThat(device.isQuiet()).isTrue();
      assertThat(region.relay.names()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesWhatTheDiskHasNoRoomFor(boolean v5) {
    region.relay.commitsOnly(EventClass.NORMAL);
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(1, "temp", "1"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(1);

      device.send(device.publish(2, "log/x", "1"));

      if (v5) {
        var refused = device.read(PUBACK);
        assertThat(refused.u16(0)).isEqualTo(2);
        assertThat(refused.u8(2)).isEqualTo(0x97);
      } else {
        assertThat(device.ends()).isTrue();
      }
      assertThat(region.relay.names()).containsExactly("temp");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void disconnectsWithoutAnAcknowledgementWhenTheJournalCannotBeReached(boolean v5) {
    region.relay.answers(new RelayReply.Unknown("no majority"));
    try (var device = RawClient.device(port, v5)) {
      device.send(device.publish(1, "temp", "1"));

      assertThat(device.endsWith(0x89)).isTrue();
    }
  }
}
