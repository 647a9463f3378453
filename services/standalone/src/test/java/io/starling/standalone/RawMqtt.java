package io.starling.standalone;

import io.starling.testing.client.Credentials;
import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.FrameParser;
import io.starling.testing.wire.MqttVersion;
import io.starling.testing.wire.Properties;
import io.starling.testing.wire.ServerPacket;
import io.vertx.core.buffer.Buffer;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * An MQTT connection of bytes, which sends what no client library would. Blocking; an answer that
 * does not come within thirty seconds is an error.
 */
final class RawMqtt implements Closeable {
  private static final int TIMEOUT_MILLIS = 30_000;

  final ClientPackets packets;
  private final Socket socket;
  private final Deque<ServerPacket> received = new ArrayDeque<>();
  private final FrameParser parser;

  private RawMqtt(int port, MqttVersion version) throws IOException {
    packets = new ClientPackets(version);
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    parser =
        new FrameParser(
            1 << 20,
            (first, bytes, start, length) ->
                received.add(ServerPacket.decode(version, first, bytes, start, length)));
  }

  /** A connection that nothing was sent on. */
  static RawMqtt open(int port, MqttVersion version) {
    try {
      return new RawMqtt(port, version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connected device. */
  static RawMqtt device(int port, MqttVersion version, Credentials credentials) {
    var device = open(port, version);
    device.send(device.connect(credentials.id(), credentials.id(), credentials.secret()));
    int code = device.returnCode();
    if (code != 0) {
      throw new AssertionError("refused with " + code);
    }
    return device;
  }

  Buffer connect(String clientId, String user, String password) {
    return packets.connect(
        new ClientPackets.Connect(clientId, true, 60, user, password, null, Properties.NONE));
  }

  void send(Buffer bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the CONNACK says, which must come next. */
  int returnCode() {
    return switch (next()) {
      case Optional<ServerPacket> packet
          when packet.orElse(null) instanceof ServerPacket.ConnAck connack ->
          connack.reasonCode();
      case Optional<ServerPacket> other -> throw new AssertionError("no CONNACK but " + other);
    };
  }

  /** Reads to the end and tells of it: {@code DISCONNECT 0x81, end}, or just {@code end}. */
  String end() {
    try {
      return switch (next().orElse(null)) {
        case null -> "end";
        case ServerPacket.Disconnect(int code, Properties _) when next().isEmpty() ->
            "DISCONNECT 0x%02x, end".formatted(code);
        case ServerPacket packet -> "goes on with " + packet;
      };
    } catch (UncheckedIOException e) {
      return "goes on";
    }
  }

  /** The next packet; empty at the end of the connection. */
  Optional<ServerPacket> next() {
    var bytes = new byte[8_192];
    try {
      while (received.isEmpty()) {
        int length = socket.getInputStream().read(bytes);
        if (length < 0) {
          return Optional.empty();
        }
        parser.feed(Buffer.buffer(Arrays.copyOf(bytes, length)));
      }
      return Optional.of(received.remove());
    } catch (SocketException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
