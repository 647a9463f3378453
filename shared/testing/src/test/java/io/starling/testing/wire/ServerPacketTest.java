package io.starling.testing.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.testing.wire.ClientPackets.Message;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerPacketTest {

  @Test
  void readsAPublishWithItsProperties() {
    var properties =
        Properties.NONE
            .with(Properties.RESPONSE_TOPIC, "answer/here")
            .with(Properties.CORRELATION_DATA, Buffer.buffer("c"))
            .with(Properties.MESSAGE_EXPIRY, 4_000_000_000L)
            .with(Properties.SUBSCRIPTION_ID, 300L)
            .withUser("device", "one")
            .withUser("device", "two");
    var message = new Message("a/ü", Buffer.buffer("text"), 2, true, properties);
    var frame = new ClientPackets(MqttVersion.V5).publish(message, 513, true);

    var publish = (ServerPacket.Publish) decode(MqttVersion.V5, frame);

    assertThat(publish.topic()).isEqualTo("a/ü");
    assertThat(publish.packetId()).isEqualTo(513);
    assertThat(publish.qos()).isEqualTo(2);
    assertThat(publish.retain()).isTrue();
    assertThat(publish.duplicate()).isTrue();
    assertThat(publish.payload().toString()).isEqualTo("text");
    assertThat(publish.properties()).isEqualTo(properties);
    assertThat(publish.properties().user("device")).contains("one");
    assertThat(publish.properties().number(Properties.SUBSCRIPTION_ID)).hasValue(300);
  }

  @Test
  void readsAReasonOnlyWhereOneStands() {
    var bare = Buffer.buffer(new byte[] {0x40, 2, 0, 1});
    var refused = Buffer.buffer(new byte[] {0x40, 3, 0, 1, (byte) 0x97});
    assertThat(decode(MqttVersion.V5, bare)).isEqualTo(new ServerPacket.PubAck(1, 0));
    assertThat(decode(MqttVersion.V5, refused)).isEqualTo(new ServerPacket.PubAck(1, 0x97));
  }

  @Test
  void readsEveryCodeOfASubAck() {
    var five = Buffer.buffer(new byte[] {(byte) 0x90, 5, 0, 1, 0, 1, (byte) 0x87});
    assertThat(decode(MqttVersion.V5, five))
        .isEqualTo(new ServerPacket.SubAck(1, List.of(1, 0x87)));
  }

  @Test
  void refusesWhatAServerMayNotSend() {
    var subscribe = new ClientPackets(MqttVersion.V5).subscribe(1, List.of());
    assertThatThrownBy(() -> decode(MqttVersion.V5, subscribe)).isInstanceOf(MalformedPacket.class);
  }

  @Test
  void refusesATopicThatRunsPastThePacket() {
    var bytes = Buffer.buffer(new byte[] {0x30, 3, 0, 100, 'a'});
    assertThatThrownBy(() -> decode(MqttVersion.V3_1_1, bytes)).isInstanceOf(MalformedPacket.class);
  }

  private static ServerPacket decode(MqttVersion version, Buffer frame) {
    var found = new ArrayList<ServerPacket>();
    new FrameParser(
            1 << 20,
            (first, bytes, start, length) ->
                found.add(ServerPacket.decode(version, first, bytes, start, length)))
        .feed(frame);
    return found.getFirst();
  }
}
