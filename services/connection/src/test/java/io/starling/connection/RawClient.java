package io.starling.connection;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT client of plain sockets and bytes: sends what no library would, and sees packets in the
 * order in which they come. Blocking; gives up after twenty seconds.
 */
final class RawClient implements Closeable {
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int PUBREC = 5;
  static final int PUBREL = 6;
  static final int PUBCOMP = 7;
  static final int SUBACK = 9;
  static final int UNSUBACK = 11;
  static final int PINGRESP = 13;
  static final int DISCONNECT = 14;
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Socket socket;
  private final DataInputStream in;
  private final boolean v5;

  /** A packet: its type, the flags of its first byte, and what is behind the length. */
  record Packet(int type, int flags, Buffer body) {
    int u16(int at) {
      return body.getUnsignedShort(at);
    }

    int u8(int at) {
      return body.getUnsignedByte(at);
    }

    /** The topic of a PUBLISH. */
    String topic() {
      return body.getString(2, 2 + u16(0));
    }

    int qos() {
      return (flags >> 1) & 3;
    }

    /** The packet id of a PUBLISH at QoS 1 or 2. */
    int publishId() {
      return u16(2 + u16(0));
    }

    boolean duplicate() {
      return (flags & 8) != 0;
    }

    boolean retain() {
      return (flags & 1) != 0;
    }

    private int propertiesAt() {
      return 2 + u16(0) + (qos() > 0 ? 2 : 0);
    }

    /** What is behind topic, packet id and (MQTT 5, short) properties. */
    String payload(boolean v5) {
      int at = propertiesAt();
      at += v5 ? 1 + u8(at) : 0;
      return body.getString(at, body.length());
    }

    /** The (short) properties of a PUBLISH of MQTT 5, without their length. */
    String properties() {
      int at = propertiesAt();
      return HexFormat.of().formatHex(body.getBytes(at + 1, at + 1 + u8(at)));
    }

    String text() {
      return body.toString(StandardCharsets.ISO_8859_1);
    }

    String hex() {
      return HexFormat.of().formatHex(body.getBytes());
    }

    @Override
    public String toString() {
      return "Packet[" + type + " " + hex() + "]";
    }
  }

  private RawClient(Socket socket, boolean v5) throws IOException {
    this.socket = socket;
    this.socket.setTcpNoDelay(true);
    this.socket.setSoTimeout(TIMEOUT_MILLIS);
    this.in = new DataInputStream(socket.getInputStream());
    this.v5 = v5;
  }

  /** A connection over which nothing was sent yet. */
  static RawClient open(int port, boolean v5) {
    try {
      return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port), v5);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Over a socket that is open, with TLS maybe. */
  static RawClient over(Socket socket, boolean v5) {
    try {
      return new RawClient(socket, v5);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connected device. */
  static RawClient device(int port, boolean v5) {
    return connected(port, v5, TestRegion.DEVICE.toString(), TestRegion.SECRET);
  }

  /** A connected client whose client id is its user name. */
  static RawClient connected(int port, boolean v5, String user, String password) {
    var client = open(port, v5);
    client.send(client.connect(user, user, password));
    var connack = client.read();
    if (connack.type() != CONNACK || connack.u8(1) != 0) {
      throw new AssertionError("not accepted: " + connack);
    }
    return client;
  }

  boolean isV5() {
    return v5;
  }

  byte[] connect(String clientId, @Nullable String user, @Nullable String password) {
    return connect(clientId, user, password, 60, "");
  }

  byte[] connect(
      String clientId,
      @Nullable String user,
      @Nullable String password,
      int keepAlive,
      String propertiesHex) {
    return connect(clientId, user, password, keepAlive, true, propertiesHex);
  }

  byte[] connect(
      String clientId,
      @Nullable String user,
      @Nullable String password,
      int keepAlive,
      boolean clean,
      String propertiesHex) {
    var body = Buffer.buffer();
    text(body, "MQTT");
    int flags = (clean ? 2 : 0) | (user == null ? 0 : 0x80) | (password == null ? 0 : 0x40);
    var _ =
        body.appendByte((byte) (v5 ? 5 : 4))
            .appendByte((byte) flags)
            .appendUnsignedShort(keepAlive);
    properties(body, propertiesHex);
    text(body, clientId);
    if (user != null) {
      text(body, user);
    }
    if (password != null) {
      text(body, password);
    }
    return packet(0x10, body);
  }

  byte[] publish(int packetId, String topic, String payload) {
    return publish(0x32, packetId, topic, payload, "");
  }

  byte[] publish(int firstByte, int packetId, String topic, String payload, String propertiesHex) {
    var body = Buffer.buffer();
    text(body, topic);
    if ((firstByte & 6) != 0) {
      var _ = body.appendUnsignedShort(packetId);
    }
    properties(body, propertiesHex);
    return packet(firstByte, body.appendString(payload));
  }

  byte[] publish0(String topic, String payload) {
    return publish(0x30, 0, topic, payload, "");
  }

  byte[] subscribe(int packetId, int options, String... filters) {
    return subscribeWith("", packetId, options, filters);
  }

  byte[] subscribeWith(String propertiesHex, int packetId, int options, String... filters) {
    var body = Buffer.buffer().appendUnsignedShort(packetId);
    properties(body, propertiesHex);
    for (String filter : filters) {
      text(body, filter);
      var _ = body.appendByte((byte) options);
    }
    return packet(0x82, body);
  }

  byte[] unsubscribe(int packetId, String filter) {
    var body = Buffer.buffer().appendUnsignedShort(packetId);
    properties(body, "");
    text(body, filter);
    return packet(0xa2, body);
  }

  byte[] puback(int packetId) {
    return acknowledgement(0x40, packetId);
  }

  byte[] pubrec(int packetId) {
    return acknowledgement(0x50, packetId);
  }

  byte[] pubrel(int packetId) {
    return acknowledgement(0x62, packetId);
  }

  byte[] pubcomp(int packetId) {
    return acknowledgement(0x70, packetId);
  }

  private static byte[] acknowledgement(int firstByte, int packetId) {
    return packet(firstByte, Buffer.buffer().appendUnsignedShort(packetId));
  }

  byte[] disconnect(int reasonCode, String propertiesHex) {
    var body = Buffer.buffer().appendUnsignedByte((short) reasonCode);
    properties(body, propertiesHex);
    return packet(0xe0, body);
  }

  byte[] ping() {
    return new byte[] {(byte) 0xc0, 0};
  }

  private static byte[] packet(int firstByte, Buffer body) {
    var packet = Buffer.buffer().appendByte((byte) firstByte);
    int rest = body.length();
    do {
      var _ = packet.appendByte((byte) ((rest % 128) | (rest > 127 ? 128 : 0)));
      rest /= 128;
    } while (rest > 0);
    return packet.appendBuffer(body).getBytes();
  }

  void send(byte[]... packets) {
    var all = new ByteArrayOutputStream();
    for (byte[] packet : packets) {
      all.writeBytes(packet);
    }
    try {
      socket.getOutputStream().write(all.toByteArray());
      socket.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void sendHex(String hex) {
    send(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  /** The next packet. */
  Packet read() {
    try {
      int first = in.readUnsignedByte();
      int length = 0;
      int shift = 0;
      int digit;
      do {
        digit = in.readUnsignedByte();
        length |= (digit & 127) << shift;
        shift += 7;
      } while (digit > 127);
      byte[] body = new byte[length];
      in.readFully(body);
      return new Packet(first >> 4, first & 15, Buffer.buffer(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Packet read(int type) {
    var packet = read();
    if (packet.type() != type) {
      throw new AssertionError("wanted a packet of type " + type + " and got " + packet);
    }
    return packet;
  }

  /** Tells whether nothing comes within a moment. */
  boolean isQuiet() {
    try {
      socket.setSoTimeout(150);
      int first = in.read();
      throw new AssertionError(first < 0 ? "ended" : "got a packet of type " + (first >> 4));
    } catch (SocketTimeoutException e) {
      restoreTimeout();
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void restoreTimeout() {
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the connection ends without another packet. */
  boolean ends() {
    try {
      int next = in.read();
      if (next >= 0) {
        throw new AssertionError("got a packet of type " + (next >> 4));
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (EOFException | SocketException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether anything comes. */
  boolean isAnswered() {
    try {
      return in.read() >= 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether the connection ends, whatever comes before that. */
  boolean closes() {
    try {
      while (in.read() >= 0) {}
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether the connection is cut off while or after this is sent, without an answer. */
  boolean isCutOff(byte[] packet) {
    try {
      socket.getOutputStream().write(packet);
      return in.read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether the connection ends with this DISCONNECT in MQTT 5, and bare in 3.1.1. */
  boolean endsWith(int reasonCode) {
    if (v5) {
      var packet = read(DISCONNECT);
      if (packet.u8(0) != reasonCode) {
        throw new AssertionError("disconnected with " + packet);
      }
    }
    return ends();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void text(Buffer target, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var _ = target.appendUnsignedShort(bytes.length).appendBytes(bytes);
  }

  private void properties(Buffer target, String hex) {
    if (v5) {
      byte[] properties = HexFormat.of().parseHex(hex);
      var _ = target.appendUnsignedByte((short) properties.length).appendBytes(properties);
    }
  }
}
