package io.starling.testing.load;

import io.starling.testing.client.ConnectRefused;
import io.starling.testing.client.Credentials;
import io.starling.testing.fleet.Stamp;
import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Connect;
import io.starling.testing.wire.FrameParser;
import io.starling.testing.wire.MalformedPacket;
import io.starling.testing.wire.MqttVersion;
import io.starling.testing.wire.Properties;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of a load. For the event loop of its socket. */
final class LoadConnection {
  /** A power of two; the due times of what is in flight are kept by packet id modulo this. */
  private static final int SLOTS = 1_024;

  private static final int MOST_IN_FLIGHT = SLOTS - 2;
  private static final int LARGEST_PACKET_ID = 65_535;
  private static final long NO_TENTH = -1;
  private static final int MOST_FRAME_BYTES = 1 << 20;
  private static final ClientPackets PACKETS = new ClientPackets(MqttVersion.V3_1_1);

  private final int index;
  private final NetSocket socket;
  private final Frames often;
  private final Frames tenth;
  private final int qos;
  private final @Nullable String filter;
  private final Tally tally;
  private final Promise<Void> accepted = Promise.promise();
  private final FrameParser parser = new FrameParser(MOST_FRAME_BYTES, this::frame);
  private long[] due = {};

  /** Of what is in flight: its sequence if it is a tenth message, else {@link #NO_TENTH}. */
  private long[] tenths = {};

  private long sequence;
  private int packetId;
  private int inFlight;
  private int window;
  private Buffer acknowledgements = Buffer.buffer();
  private boolean open;
  private boolean closing;

  LoadConnection(int index, int connections, NetSocket socket, LoadPlan plan, Tally tally) {
    this.index = index;
    this.socket = socket;
    this.often = plan.often(index);
    this.tenth = plan.tenth(index);
    this.qos = plan.qos();
    this.filter = plan.filter(index, connections);
    this.tally = tally;
  }

  Future<LoadConnection> handshake(Credentials credentials, int keepAliveSeconds) {
    socket.handler(this::bytes);
    socket.exceptionHandler(_ -> {});
    socket.closeHandler(_ -> closed());
    socket.write(
        PACKETS.connect(
            new Connect(
                credentials.id(),
                true,
                keepAliveSeconds,
                credentials.id(),
                credentials.secret(),
                null,
                Properties.NONE)));
    return accepted.future().timeout(30, TimeUnit.SECONDS).map(this);
  }

  /** Keeps this many messages in flight; 0 stops. */
  void keepInFlight(int messages) {
    window = Math.min(messages, MOST_IN_FLIGHT);
    refill();
  }

  /** Sends one message that was due at this time. */
  void send(long dueNanos) {
    if (!open || inFlight >= MOST_IN_FLIGHT || socket.writeQueueFull()) {
      tally.unsent(1);
      return;
    }
    write(1, dueNanos);
  }

  Future<Void> close() {
    closing = true;
    socket.write(PACKETS.disconnect());
    return socket.close();
  }

  private void refill() {
    var missing = window - inFlight;
    if (open && missing > 0) {
      write(missing, System.nanoTime());
    }
  }

  private void write(int count, long dueNanos) {
    if (due.length == 0) {
      due = new long[SLOTS];
      tenths = new long[SLOTS];
    }
    var bytes = new byte[count * Math.max(often.length(), tenth.length())];
    var at = 0;
    for (var i = 0; i < count; i++) {
      packetId = packetId == LARGEST_PACKET_ID ? 1 : packetId + 1;
      // Shifted by the connection's index: the tenth messages of many do not come all at once.
      var isTenth = (sequence + index) % 10 == 9;
      var frames = isTenth ? tenth : often;
      due[packetId & (SLOTS - 1)] = dueNanos;
      tenths[packetId & (SLOTS - 1)] = isTenth ? sequence : NO_TENTH;
      if (isTenth) {
        tally.tenth();
      }
      frames.write(bytes, at, packetId, index, sequence++, dueNanos);
      at += frames.length();
    }
    inFlight += qos * count;
    tally.sent(count);
    socket.write(Buffer.buffer(bytes).slice(0, at));
  }

  private void bytes(Buffer chunk) {
    try {
      parser.feed(chunk);
      if (acknowledgements.length() > 0) {
        socket.write(acknowledgements);
        acknowledgements = Buffer.buffer();
      }
      refill();
    } catch (MalformedPacket e) {
      socket.close();
    }
  }

  private void frame(int firstByte, Buffer bytes, int start, int length) {
    switch (firstByte >> 4) {
      case 2 -> connAck(bytes.getByte(start + 1));
      case 3 -> delivered((firstByte >> 1) & 3, bytes, start);
      case 4 -> {
        inFlight--;
        var slot = bytes.getUnsignedShort(start) & (SLOTS - 1);
        tally.acked(due[slot]);
        if (tenths[slot] != NO_TENTH) {
          tally.tenthAcked(new Stamp(index, tenths[slot], due[slot]));
        }
      }
      case 9 -> subAck(bytes.getByte(start + 2));
      default -> throw new MalformedPacket("unexpected packet of " + length + " bytes");
    }
  }

  private void connAck(int code) {
    if (code != 0) {
      accepted.tryFail(new ConnectRefused(code));
    } else if (filter == null) {
      accepted();
    } else {
      socket.write(PACKETS.subscribe(1, List.of(new ClientPackets.Subscription(filter, qos))));
    }
  }

  private void subAck(int code) {
    if (code == qos) {
      accepted();
    } else {
      accepted.tryFail("SUBSCRIBE was answered with " + code);
    }
  }

  private void accepted() {
    open = true;
    accepted.tryComplete();
  }

  private void delivered(int itsQos, Buffer bytes, int start) {
    var behindTopic = start + 2 + bytes.getUnsignedShort(start);
    if (itsQos > 0) {
      acknowledgements
          .appendByte((byte) 0x40)
          .appendByte((byte) 2)
          .appendUnsignedShort(bytes.getUnsignedShort(behindTopic));
    }
    tally.delivered(Frames.dueNanos(bytes, behindTopic + (itsQos > 0 ? 2 : 0)));
  }

  private void closed() {
    if (open && !closing) {
      tally.lost();
    }
    open = false;
    accepted.tryFail("connection closed before CONNACK");
  }
}
