package io.starling.connection;

import static io.starling.connection.RawClient.CONNACK;
import static io.starling.connection.RawClient.PUBACK;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between sockets and packets. */
class WireIT {
  private static final String ID = TestRegion.DEVICE.toString();

  private TestRegion region;
  private int port;

  @BeforeEach
  void start() {
    region = TestRegion.start();
    port = region.gateway("a").mqttPort();
  }

  @AfterEach
  void stop() {
    region.close();
  }

  @Test
  void theReasonReachesAClientThatStillSends() {
    try (var device = RawClient.device(port, true)) {
      device.send(device.publish(1, "a/#", "x"));
      for (int i = 0; i < 100; i++) {
        device.send(device.publish0("a", "x".repeat(1_000)));
      }
      assertThat(device.endsWith(0x81)).isTrue();
    }
    assertThat(region.relay.events).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesAPacketThatIsTooLargeBeforeItComes(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.sendHex("30 ffff7f");
      assertThat(device.endsWith(0x95)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPacketThatReachesIntoTheNextEndsTheConnection(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.sendHex("30 03 0064 61 c000");
      assertThat(device.endsWith(0x81)).isTrue();
    }
  }

  @Test
  void takesPacketsByteByByte() {
    try (var device = RawClient.open(port, true)) {
      bytes(device, device.connect(ID, ID, TestRegion.SECRET));
      assertThat(device.read(CONNACK).u8(1)).isZero();
      bytes(device, device.publish(7, "a", "xyz"));
      assertThat(device.read(PUBACK).u16(0)).isEqualTo(7);
      assertThat(region.relay.names()).containsExactly("a");
    }
  }

  private static void bytes(RawClient client, byte[] packet) {
    for (byte one : packet) {
      client.send(new byte[] {one});
    }
  }

  @Test
  void tellsAnMqtt5ClientThatItWasSilentForTooLong() {
    try (var device = RawClient.open(port, true)) {
      device.send(device.connect(ID, ID, TestRegion.SECRET, 1, ""));
      assertThat(device.read(CONNACK).u8(1)).isZero();
      assertThat(device.endsWith(0x8d)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10 0e 0004 4d515454 06 02 003c 00 0001 70, 01",
    "10 0e 0004 4d515454 05 03 003c 00 0001 70, 81",
    "10 10 0004 4d515454 05 02 003c 02 1902 0001 70, 82",
    "10 0d 0004 4d515454 03 02 003c 0001 70, 01",
    "10 0c 0004 4d515454 04 00 003c 0000, 02"
  })
  void saysWhyAConnectIsRefused(String hex, String code) {
    try (var client = RawClient.open(port, true)) {
      client.sendHex(hex);
      assertThat(client.read(CONNACK).u8(1)).isEqualTo(HexFormat.fromHexDigits(code));
      assertThat(client.ends()).isTrue();
    }
  }

  @Test
  void aSessionThatWasNotToBeKeptCannotBeKeptInTheEnd() {
    try (var device = RawClient.device(port, true)) {
      device.sendHex("e0 07 00 05 11 00000001");
      assertThat(device.endsWith(0x82)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersWhatIsLeftOfQos2(boolean v5) {
    try (var device = RawClient.device(port, v5)) {
      device.sendHex("62 02 0007");
      assertThat(device.read(7).u16(0)).isEqualTo(7);
      device.sendHex("50 02 0008");
      assertThat(device.read(6).u16(0)).isEqualTo(8);
    }
  }

  /** What a client does not read must not heap up here: no more is taken from it then. */
  @Test
  void aClientThatDoesNotReadIsNotReadFrom() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (var device = RawClient.open(port, false);
        var socket = SocketChannel.open(address)) {
      var connect = ByteBuffer.wrap(device.connect(ID, ID, TestRegion.SECRET));
      assertThat(socket.write(connect)).isPositive();
      socket.configureBlocking(false);
      long sent = fill(socket);
      assertThat(sent).isLessThan(64 << 20);

      long answered = -4; // CONNACK
      var in = ByteBuffer.allocate(1 << 16);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (answered < sent - 1 && System.nanoTime() < deadline) {
        answered += Math.max(0, socket.read(in.clear()));
      }
      assertThat(answered).isBetween(sent - 1, sent);
    }
  }

  /** Sends PINGREQ until the other side has taken nothing for half a second. */
  private static long fill(SocketChannel socket) throws IOException {
    var pings = ByteBuffer.allocate(1 << 16);
    while (pings.hasRemaining()) {
      pings.put((byte) 0xc0).put((byte) 0);
    }
    long sent = 0;
    long last = System.nanoTime();
    while (System.nanoTime() - last < TimeUnit.MILLISECONDS.toNanos(500)) {
      // Goes on where a PINGREQ was cut.
      int written = socket.write(pings.clear().position((int) (sent & 1)));
      if (written > 0) {
        sent += written;
        last = System.nanoTime();
      }
    }
    return sent;
  }
}
