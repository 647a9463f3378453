package io.starling.connection.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of what a server sends. */
class PacketEncoderTest {
  private static final Properties WHY =
      Properties.builder().text(Property.REASON_STRING, "no").build();

  private static void assertBytes(Packet packet, boolean v5, String hex) {
    var out = Unpooled.buffer();
    PacketEncoder.encode(packet, v5, out);
    assertThat(Bytes.hex(out)).isEqualTo(hex.replace(" ", ""));
  }

  @Test
  void connack() {
    assertBytes(new Packet.Connack(true, 0, Properties.NONE), false, "20 02 01 00");
    assertBytes(new Packet.Connack(false, 5, WHY), false, "20 02 00 05");
    assertBytes(new Packet.Connack(true, 0, Properties.NONE), true, "20 03 01 00 00");
    assertBytes(new Packet.Connack(false, 0x87, WHY), true, "20 08 00 87 05 1f 0002 6e6f");
  }

  @Test
  void publish() {
    var properties =
        Properties.builder()
            .number(Property.MESSAGE_EXPIRY_INTERVAL, 4_294_967_295L)
            .number(Property.TOPIC_ALIAS, 2)
            .number(Property.SUBSCRIPTION_IDENTIFIER, 300)
            .binary(Property.CORRELATION_DATA, Buffer.buffer(new byte[] {0, 1}))
            .user("n", "v")
            .build();
    var publish = new Packet.Publish(true, 1, true, "a", 7, properties, Buffer.buffer("x"));
    assertBytes(publish, false, "3b 06 0001 61 0007 78");
    assertBytes(
        publish,
        true,
        "3b 1e 0001 61 0007 17 02ffffffff 0900020001 0bac02 230002 2600016e000176 78");
    var atMostOnce = new Packet.Publish(false, 0, false, "a", 7, Properties.NONE, Buffer.buffer());
    assertBytes(atMostOnce, true, "30 04 0001 61 00");
  }

  @Test
  void acknowledgements() {
    assertBytes(new Packet.Puback(1, 0, Properties.NONE), true, "40 02 0001");
    assertBytes(new Packet.Puback(1, 0x97, Properties.NONE), false, "40 02 0001");
    assertBytes(new Packet.Puback(1, 0x97, Properties.NONE), true, "40 03 0001 97");
    assertBytes(new Packet.Pubrec(1, 0x97, WHY), true, "50 09 0001 97 05 1f 0002 6e6f");
    assertBytes(new Packet.Pubrel(1, 0, Properties.NONE), true, "62 02 0001");
    assertBytes(new Packet.Pubcomp(1, 0x92, Properties.NONE), true, "70 03 0001 92");
  }

  @Test
  void answersToFilters() {
    var codes = List.of(0, 0x80);
    assertBytes(new Packet.Suback(1, Properties.NONE, codes), false, "90 04 0001 00 80");
    assertBytes(new Packet.Suback(1, Properties.NONE, codes), true, "90 05 0001 00 00 80");
    assertBytes(new Packet.Unsuback(1, Properties.NONE, codes), false, "b0 02 0001");
    assertBytes(new Packet.Unsuback(1, Properties.NONE, codes), true, "b0 05 0001 00 00 80");
  }

  @Test
  void theRest() {
    assertBytes(new Packet.Pingresp(), true, "d0 00");
    assertBytes(new Packet.Disconnect(0, Properties.NONE), true, "e0 00");
    assertBytes(new Packet.Disconnect(0x8E, Properties.NONE), true, "e0 01 8e");
    assertBytes(new Packet.Disconnect(0x8E, WHY), true, "e0 07 8e 05 1f 0002 6e6f");
    assertBytes(new Packet.Auth(0x18, WHY), true, "f0 07 18 05 1f 0002 6e6f");
    assertThatThrownBy(() -> PacketEncoder.encode(new Packet.Pingreq(), true, Unpooled.buffer()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 122, 123, 16_378, 16_379, 2_097_146, 2_097_147})
  void lengthsOfAnySize(int payload) {
    var publish =
        new Packet.Publish(
            false, 1, false, "a", 1, Properties.NONE, Buffer.buffer(new byte[payload]));
    var out = Unpooled.buffer();
    PacketEncoder.encode(publish, false, out);
    assertThat(new PacketDecoder(3_000_000).next(out, 4)).isEqualTo(publish);
    assertThat(out.isReadable()).isFalse();
  }
}
