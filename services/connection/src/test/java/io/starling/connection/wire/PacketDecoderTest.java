package io.starling.connection.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.starling.connection.wire.Malformed.Fault;
import io.starling.connection.wire.Packet.Connect;
import io.starling.connection.wire.Packet.Filter;
import io.starling.connection.wire.Packet.Publish;
import io.starling.connection.wire.Packet.Subscribe;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients may send and what not, by the numbers of MQTT 5's normative statements or the
 * section of the specification. Bytes are the first one and the body; the length goes between.
 */
class PacketDecoderTest {

  private static Malformed refused(String written, int level) {
    var decoded = Bytes.decode(Bytes.packet(written), level);
    assertThat(decoded).as(written).isInstanceOf(Malformed.class);
    return (Malformed) decoded;
  }

  private static Packet taken(String written, int level) {
    var decoded = Bytes.decode(Bytes.packet(written), level);
    assertThat(decoded).as(written).isInstanceOf(Packet.class);
    return (Packet) decoded;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          3.1.2-1      | 10 0004 'MQTU' 04 02 003c 0001 'p'                        | PROTOCOL_ERROR | 0
          3.1.2-1      | 10 0003 'MQT' 04 02 003c 0001 'p'                         | PROTOCOL_ERROR | 0
          3.1.2-2      | 10 0004 'MQTT' 06 02 003c 00 0001 'p'                     | UNSUPPORTED_VERSION | 4
          3.1.2-2      | 10 0004 'MQTT' 02 02 003c 0001 'p'                        | UNSUPPORTED_VERSION | 4
          3.1.2-2      | 10 0004 'MQTT' 03 02 003c 0001 'p'                        | UNSUPPORTED_VERSION | 4
          3.1.2-2      | 10 0006 'MQIsdp' 04 02 003c 0001 'p'                      | UNSUPPORTED_VERSION | 4
          3.1.2-3      | 10 0004 'MQTT' 05 03 003c 00 0001 'p'                     | MALFORMED_PACKET | 5
          3.1.2-3      | 10 0004 'MQTT' 04 03 003c 0001 'p'                        | MALFORMED_PACKET | 4
          2.1.3-1      | 11 0004 'MQTT' 05 02 003c 00 0001 'p'                     | MALFORMED_PACKET | 5
          3.1.2-9      | 10 0004 'MQTT' 05 06 003c 00 0001 'p'                     | MALFORMED_PACKET | 5
          3.1.2-9      | 10 0004 'MQTT' 05 06 003c 00 0001 'p' 00 0001 'w'         | MALFORMED_PACKET | 5
          3.1.2-11     | 10 0004 'MQTT' 05 0a 003c 00 0001 'p'                     | MALFORMED_PACKET | 5
          3.1.2-12     | 10 0004 'MQTT' 05 1e 003c 00 0001 'p' 00 0001 'w' 0001 'x'| MALFORMED_PACKET | 5
          3.1.2-13     | 10 0004 'MQTT' 05 22 003c 00 0001 'p'                     | MALFORMED_PACKET | 5
          3.1.2-16     | 10 0004 'MQTT' 05 02 003c 00 0001 'p' 0001 'u'            | MALFORMED_PACKET | 5
          3.1.2-17     | 10 0004 'MQTT' 05 82 003c 00 0001 'p'                     | CREDENTIALS_MALFORMED | 5
          3.1.2-18     | 10 0004 'MQTT' 05 82 003c 00 0001 'p' 0001 'u' 0001 'x' | MALFORMED_PACKET | 5
          3.1.2-19     | 10 0004 'MQTT' 05 c2 003c 00 0001 'p' 0001 'u'            | CREDENTIALS_MALFORMED | 5
          3.1.2-22 v4  | 10 0004 'MQTT' 04 42 003c 0001 'p' 0001 'x'               | MALFORMED_PACKET | 4
          3.1.2.11.3   | 10 0004 'MQTT' 05 02 003c 03 210000 0001 'p'              | PROTOCOL_ERROR | 5
          3.1.2.11.4   | 10 0004 'MQTT' 05 02 003c 05 2700000000 0001 'p'          | PROTOCOL_ERROR | 5
          3.1.2.11.2   | 10 0004 'MQTT' 05 02 003c 0a 1100000001 1100000001 0001 'p' | PROTOCOL_ERROR | 5
          3.1.2.11.6   | 10 0004 'MQTT' 05 02 003c 02 1902 0001 'p'                | PROTOCOL_ERROR | 5
          3.1.2.11.7   | 10 0004 'MQTT' 05 02 003c 02 1702 0001 'p'                | PROTOCOL_ERROR | 5
          3.1.2.11.10  | 10 0004 'MQTT' 05 02 003c 04 160001 'x' 0001 'p'          | PROTOCOL_ERROR | 5
          2.2.2.2      | 10 0004 'MQTT' 05 02 003c 02 2401 0001 'p'                | MALFORMED_PACKET | 5
          2.2.2.2      | 10 0004 'MQTT' 05 02 003c 02 7f01 0001 'p'                | MALFORMED_PACKET | 5
          2.2.2-1      | 10 0004 'MQTT' 05 02 003c 0001 'p'                        | MALFORMED_PACKET | 5
          3.1.3-4      | 10 0004 'MQTT' 05 02 003c 00 0001 ff                      | CLIENT_ID_INVALID | 5
          1.5.4-2      | 10 0004 'MQTT' 05 02 003c 00 0002 6100                    | CLIENT_ID_INVALID | 5
          3.1.3-8 v4   | 10 0004 'MQTT' 04 00 003c 0000                            | CLIENT_ID_INVALID | 4
          1.5.3-2 v4   | 10 0004 'MQTT' 04 02 003c 0002 6100                       | MALFORMED_PACKET | 4
          3.1, 3.1     | 10 0006 'MQIsdp' 03 02 003c 0000                          | CLIENT_ID_INVALID | 3
          3.1.3-11     | 10 0004 'MQTT' 05 06 003c 00 0001 'p' 00 0001 ff 0001 'x' | MALFORMED_PACKET | 5
          4.7.1-1      | 10 0004 'MQTT' 05 06 003c 00 0001 'p' 00 0001 '#' 0001 'x' | MALFORMED_PACKET | 5
          3.1.3-12     | 10 0004 'MQTT' 05 82 003c 00 0001 'p' 0003 eda080         | CREDENTIALS_MALFORMED | 5
          3.1.3        | 10 0004 'MQTT' 05 02 003c 00 0005 'p'                     | MALFORMED_PACKET | 5
          """)
  void refusesConnects(String statement, String written, Fault fault, int level) {
    var refused = refused(written, 0);
    assertThat(refused.fault()).as(statement).isEqualTo(fault);
    assertThat(refused.level()).as(statement).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          3.1.0-2      | 10 0004 'MQTT' 05 02 003c 00 0001 'p'     | PROTOCOL_ERROR
          3.3.1-2      | 38 0001 'a' 00                            | MALFORMED_PACKET
          3.3.1-4      | 36 0001 'a' 0001 00                       | MALFORMED_PACKET
          3.3.2-1      | 30 0002 c328 00                           | MALFORMED_PACKET
          3.3.2-1      | 30 0002 'a'                               | MALFORMED_PACKET
          3.3.2-2      | 30 0003 'a/#' 00                          | MALFORMED_PACKET
          3.3.2-2      | 30 0003 '+/a' 00                          | MALFORMED_PACKET
          1.5.4-1      | 30 0003 eda080 00                         | MALFORMED_PACKET
          1.5.4-2      | 30 0003 'a' 00 'b' 00                     | MALFORMED_PACKET
          1.5.4        | 30 0003 'a' 07 'b' 00                     | MALFORMED_PACKET
          1.5.4        | 30 0003 'a' c285 00                       | MALFORMED_PACKET
          1.5.4        | 30 0002 c080 00                           | MALFORMED_PACKET
          2.2.1-3      | 32 0001 'a' 0000 00                       | PROTOCOL_ERROR
          2.2.1-2      | 32 0001 'a' 00                            | MALFORMED_PACKET
          3.3.2.3.2    | 30 0001 'a' 02 0102                       | PROTOCOL_ERROR
          3.3.2.3.3    | 30 0001 'a' 0a 0200000001 0200000002      | PROTOCOL_ERROR
          3.3.2-8      | 30 0001 'a' 03 230000                     | TOPIC_ALIAS_INVALID
          3.3.2-14     | 30 0001 'a' 04 080001 '#'                 | PROTOCOL_ERROR
          3.3.2-13     | 30 0001 'a' 04 080001 ff                  | MALFORMED_PACKET
          3.3.2-19     | 30 0001 'a' 04 030001 ff                  | MALFORMED_PACKET
          3.3.4-6      | 30 0001 'a' 02 0b01                       | PROTOCOL_ERROR
          2.2.2.2      | 30 0001 'a' 05 1100000001                 | MALFORMED_PACKET
          2.2.2-1      | 30 0001 'a' 05 0101                       | MALFORMED_PACKET
          2.2.2-1      | 30 0001 'a' 01 01 'x'                     | MALFORMED_PACKET
          1.5.5-1      | 30 0001 'a' 8000                          | MALFORMED_PACKET
          1.5.7-1      | 30 0001 'a' 05 26 0001 ff 0000            | MALFORMED_PACKET
          3.4.2        | 40 00                                     | MALFORMED_PACKET
          2.2.1-3      | 40 0000                                   | PROTOCOL_ERROR
          3.4.2.1      | 40 0001 ff                                | PROTOCOL_ERROR
          3.4.2.2      | 40 0001 00 05                             | MALFORMED_PACKET
          2.1.3-1      | 41 0001                                   | MALFORMED_PACKET
          3.5.2.1      | 50 0001 01                                | PROTOCOL_ERROR
          3.6.1-1      | 60 0001                                   | MALFORMED_PACKET
          3.6.2.1      | 62 0001 80                                | PROTOCOL_ERROR
          3.7.2.1      | 70 0001 10                                | PROTOCOL_ERROR
          3.8.1-1      | 80 0001 00 0001 'a' 00                    | MALFORMED_PACKET
          2.2.1-3      | 82 0000 00 0001 'a' 00                    | MALFORMED_PACKET
          3.8.3-1      | 82 0001 00 0001 ff 00                     | MALFORMED_PACKET
          3.8.3-2      | 82 0001 00                                | PROTOCOL_ERROR
          3.8.3-2      | 82 0001 00 0001 'a'                       | MALFORMED_PACKET
          3.8.3-4      | 82 0001 00 0009 '$share/g/' 04            | PROTOCOL_ERROR
          3.8.3-5      | 82 0001 00 0001 'a' 40                    | MALFORMED_PACKET
          3.8.3-5      | 82 0001 00 0001 'a' 80                    | MALFORMED_PACKET
          3.8.3.1      | 82 0001 00 0001 'a' 03                    | PROTOCOL_ERROR
          3.8.3.1      | 82 0001 00 0001 'a' 30                    | PROTOCOL_ERROR
          3.8.2.1.2    | 82 0001 02 0b00 0001 'a' 00               | PROTOCOL_ERROR
          3.8.2.1.2    | 82 0001 04 0b010b02 0001 'a' 00           | PROTOCOL_ERROR
          1.5.5        | 82 0001 06 0bffffffff01 0001 'a' 00       | MALFORMED_PACKET
          3.10.1-1     | a0 0001 00 0001 'a'                       | MALFORMED_PACKET
          3.10.3-2     | a2 0001 00                                | PROTOCOL_ERROR
          3.10.3-1     | a2 0001 00 0001 ff                        | MALFORMED_PACKET
          2.2.2.2      | a2 0001 02 0b01 0001 'a'                  | MALFORMED_PACKET
          3.12.1       | c0 00                                     | MALFORMED_PACKET
          2.1.3-1      | c1                                        | MALFORMED_PACKET
          3.14.1-1     | e1                                        | MALFORMED_PACKET
          3.14.2       | e0 00 00 00                               | MALFORMED_PACKET
          3.15.1-1     | f1                                        | MALFORMED_PACKET
          3.15.2-1     | f0 01                                     | PROTOCOL_ERROR
          2.1.2        | 00                                        | PROTOCOL_ERROR
          2.1.2        | 20 00 00 00                               | PROTOCOL_ERROR
          2.1.2        | 90 0001 00 00                             | PROTOCOL_ERROR
          2.1.2        | b0 0001 00 00                             | PROTOCOL_ERROR
          2.1.2        | d0                                        | PROTOCOL_ERROR
          2.1.2        | d1                                        | PROTOCOL_ERROR
          2.1.2        | 21 00 00 00                               | PROTOCOL_ERROR
          2.1.3-1      | 91 0001 00 00                             | MALFORMED_PACKET
          4.7.1-1      | 82 0001 00 0005 'b/#/c' 00                | MALFORMED_PACKET
          4.7.1-1      | 82 0001 00 0002 'c#' 00                   | MALFORMED_PACKET
          4.7.1-2      | 82 0001 00 0002 'd+' 00                   | MALFORMED_PACKET
          4.7.1-2      | a2 0001 00 0005 'ab/+e'                   | MALFORMED_PACKET
          4.7.3-1      | 82 0001 00 0000 00                        | MALFORMED_PACKET
          4.7.3-1      | a2 0001 00 0001 'a' 0000                  | MALFORMED_PACKET
          """)
  void refusesWhatMqtt5Forbids(String statement, String written, Fault fault) {
    assertThat(refused(written, 5).fault()).as(statement).isEqualTo(fault);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "40 0001 00", // acknowledgements end behind the packet id
        "62 0001 00",
        "82 0001 0001 'a' 04", // subscription options are MQTT 5's
        "82 0001 0001 'a' 03",
        "a2 0001",
        "e0 00",
        "f0",
        "32 0001 'a' 0000",
        "38 0001 'a'",
        "30 0002 c328",
        "30 0002 'a' 00",
        "30 0003 eda080",
        "36 0001 'a' 0001",
        "41 0001", // reserved flags
        "60 0001",
        "80 0001 0001 'a' 00",
        "a0 0001 0001 'a'",
        "c1",
        "e1",
        "82 0001 0005 'ab/+e' 00",
        "82 0001 0002 'c#' 00",
        "a2 0001 0005 'b/#/c'",
        "82 0001", // without a filter
        "82 0001 0001 ff 00",
        "82 0000 0001 'a' 00",
        "82 0001 0002 'a' 00 00",
        "a2 0001 0001 ff",
        "a2 0000 0001 'a'",
        "90 0001 00"
      })
  void refusesWhatMqtt311Forbids(String written) {
    assertThat(refused(written, 4).level()).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0", "30 0001 'a'", "e0", "00", "f0", "20 00 00"})
  void nothingComesBeforeConnect(String written) {
    var refused = refused(written, 0);
    assertThat(refused.fault()).isEqualTo(Fault.PROTOCOL_ERROR);
    assertThat(refused.level()).isZero();
  }

  @Test
  void readsAConnectWithEverything() {
    var written =
        "10 0004 'MQTT' 05 ee 003c 0d 1100000010 210005 2700001000"
            + "0001 'p' 14 1800000001 0200000002 0101 030001 't' 080001 'r'"
            + "0001 'w' 0002 00ff 0001 'u' 0003 00ffc3";
    var connect = (Connect) taken(written, 0);

    assertThat(connect.level()).isEqualTo(5);
    assertThat(connect.cleanStart()).isTrue();
    assertThat(connect.keepAliveSeconds()).isEqualTo(60);
    assertThat(connect.properties().number(Property.SESSION_EXPIRY_INTERVAL, 0)).isEqualTo(16);
    assertThat(connect.properties().number(Property.RECEIVE_MAXIMUM, 0)).isEqualTo(5);
    assertThat(connect.properties().number(Property.MAXIMUM_PACKET_SIZE, 0)).isEqualTo(4_096);
    assertThat(connect.clientId()).isEqualTo("p");
    assertThat(connect.userName()).isEqualTo("u");
    assertThat(connect.password()).isEqualTo(Buffer.buffer(new byte[] {0, -1, (byte) 0xC3}));
    var will = requireNonNull(connect.will());
    assertThat(will.topic()).isEqualTo("w");
    assertThat(will.qos()).isEqualTo(1);
    assertThat(will.retain()).isTrue();
    assertThat(will.payload().length()).isEqualTo(2);
    assertThat(will.properties().number(Property.WILL_DELAY_INTERVAL, 0)).isEqualTo(1);
    assertThat(will.properties().text(Property.CONTENT_TYPE)).isEqualTo("t");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 0006 'MQIsdp' 03 02 000a 0001 'p'",
        "14 0006 'MQIsdp' 03 01 000a 0001 'p'",
        "10 0004 'MQTT' 04 02 000a 0000",
        "10 0004 'MQTT' 05 00 000a 00 0000",
        "10 0004 'MQTT' 05 42 000a 00 0001 'p' 0001 'x'",
        "10 0004 'MQTT' 05 02 000a 0e 260001'a'0001'b' 260001'a'0001'c' 0001 'p'"
      })
  void takesConnects(String written) {
    assertThat(taken(written, 0)).isInstanceOf(Connect.class);
  }

  @Test
  void readsAPublish() {
    var publish = (Publish) taken("3b 0003 c3bc 'b' 0102 07 260001 'n' 0001 0a 'xyz'", 5);
    assertThat(publish.topic()).isEqualTo("üb");
    assertThat(publish.duplicate()).isTrue();
    assertThat(publish.retain()).isTrue();
    assertThat(publish.qos()).isEqualTo(1);
    assertThat(publish.packetId()).isEqualTo(258);
    assertThat(publish.payload()).isEqualTo(Buffer.buffer("xyz"));
    assertThat(publish.properties().users())
        .containsExactly(new Properties.UserProperty("n", "\n"));
  }

  @Test
  void keepsTheZeroWidthSpaceInFrontOfATopic() {
    var publish = (Publish) taken("30 0004 efbbbf 'a'", 4);
    assertThat(publish.topic()).as("1.5.4-3").isEqualTo("\uFEFFa");
  }

  @Test
  void leavesATopicToItsAlias() {
    var publish = (Publish) taken("30 0000 03 230007 'x'", 5);
    assertThat(publish.topic()).isEmpty();
    assertThat(publish.properties().number(Property.TOPIC_ALIAS, 0)).isEqualTo(7);
  }

  @Test
  void readsSubscriptionOptions() {
    var subscribe = (Subscribe) taken("82 0001 02 0b07 0001 'a' 2e 0001 'b' 00", 5);
    assertThat(subscribe.properties().number(Property.SUBSCRIPTION_IDENTIFIER, 0)).isEqualTo(7);
    assertThat(subscribe.filters())
        .isEqualTo(List.of(new Filter("a", 2, true, true, 2), new Filter("b", 0, false, false, 0)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "40 0001",
        "40 0001 10",
        "40 0001 00 00",
        "50 0001 80",
        "62 0001 92 00",
        "70 0001",
        "70 0001 92 04 1f 0001 'p'",
        "a2 0001 00 0001 'a'",
        "c0",
        "e0",
        "e0 01", // no such code, but gone is gone
        "e0 04",
        "e0 00 05 11 00000001",
        "f0 18 04 150001'm'"
      })
  void takesTheRestOfMqtt5(String written) {
    assertThat(taken(written, 5)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"3, 998", "4, 1000", "5, 998", "5, 200000000"})
  void refusesALengthAboveTheLimitBeforeTheBodyComes(int level, int length) {
    var start = Unpooled.buffer().writeByte(0x30);
    int rest = length;
    do {
      start.writeByte((rest % 128) | (rest > 127 ? 128 : 0));
      rest /= 128;
    } while (rest > 0);

    var decoded = Bytes.decode(start, level);

    assertThat(decoded).isInstanceOf(Malformed.class);
    assertThat(((Malformed) decoded).fault()).isEqualTo(Fault.PACKET_TOO_LARGE);
  }

  @Test
  void takesAPacketOfJustTheLimit() {
    var body = Unpooled.buffer().writeShort(1).writeByte('a').writeZero(994);
    var packet = Unpooled.buffer();
    Bytes.frame(0x30, body, packet);
    assertThat(packet.readableBytes()).isEqualTo(1_000);
    assertThat(Bytes.decode(packet, 4)).isInstanceOf(Publish.class);
    assertThat(packet.isReadable()).isFalse();
  }

  @Test
  void refusesALengthOfFiveBytes() {
    var refused = (Malformed) Bytes.decode(Bytes.of("30 ffffffff01"), 5);
    assertThat(refused.fault()).isEqualTo(Fault.MALFORMED_PACKET);
    assertThat(Bytes.decode(Bytes.of("30 ffffffff"), 5)).isInstanceOf(Malformed.class);
  }

  @Test
  void neverReadsBeyondAPacket() {
    var bytes = Bytes.of("30 03 0064 61 c000");
    assertThat(Bytes.decode(bytes, 4)).isInstanceOf(Malformed.class);
    assertThat(Bytes.hex(bytes)).isEqualTo("c000");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void waitsForTheWholePacket(int level) {
    var whole = Bytes.packet(level == 5 ? "32 0001 'a' 0001 00 'xyz'" : "32 0001 'a' 0001 'xyz'");
    for (int length = 0; length < whole.readableBytes(); length++) {
      var part = whole.copy(0, length);
      assertThat(Bytes.decodePart(part, level)).isNull();
      assertThat(part.readerIndex()).isZero();
    }
    assertThat(Bytes.decode(whole, level)).isInstanceOf(Publish.class);
  }
}
