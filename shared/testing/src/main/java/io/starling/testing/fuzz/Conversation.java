package io.starling.testing.fuzz;

import io.starling.testing.wire.FrameParser;
import io.starling.testing.wire.MalformedPacket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;

/**
 * One connection: says what it has to say in pieces, then asks for a sign of life. The server
 * answers that, or ends the connection; what it does neither to hangs. Belongs to one event loop.
 */
final class Conversation {
  private static final int MOST_FRAME_BYTES = 300_000;
  private static final int LARGEST_PACKET = 256 * 1024;
  private static final Buffer FILL = pings(LARGEST_PACKET / 2 + 10);
  private static final int PINGRESP = 13;
  private static final int PUBLISH = 3;

  private final NetSocket socket;
  private final RandomTalk talk;
  private final FrameParser parser = new FrameParser(MOST_FRAME_BYTES, this::frame);
  private final Promise<Boolean> over = Promise.promise();
  private int pongs;
  private boolean filled;

  Conversation(NetSocket socket, RandomTalk talk) {
    this.socket = socket;
    this.talk = talk;
  }

  private static Buffer pings(int count) {
    var all = Buffer.buffer(2 * count);
    for (int i = 0; i < count; i++) {
      all.appendUnsignedByte((short) 0xc0).appendByte((byte) 0);
    }
    return all;
  }

  /**
   * Sends so many packets.
   *
   * @return whether the server has ended it; fails if it hangs for this long
   */
  Future<Boolean> hold(int packets, long limitMillis) {
    socket.handler(this::bytes);
    socket.exceptionHandler(_ -> {});
    socket.closeHandler(_ -> over.tryComplete(true));
    var all = Buffer.buffer().appendBuffer(talk.connect());
    for (int i = 1; i < packets; i++) {
      all.appendBuffer(talk.next());
    }
    return say(all.appendBuffer(talk.ping()), 0)
        .compose(_ -> talk.isDamaged() ? fill() : Future.succeededFuture())
        .compose(_ -> over.future())
        .timeout(limitMillis, TimeUnit.MILLISECONDS)
        .onComplete(_ -> socket.close());
  }

  /** The server may rightly wait for the rest of a packet that only seems to be one. */
  private Future<Void> fill() {
    filled = true;
    return socket.write(FILL).otherwiseEmpty();
  }

  private Future<Void> say(Buffer all, int from) {
    if (from >= all.length() || over.future().isComplete()) {
      return Future.succeededFuture();
    }
    int until = Math.min(all.length(), from + 1 + talk.choose(600));
    return socket.write(all.getBuffer(from, until)).transform(_ -> say(all, until));
  }

  private void bytes(Buffer chunk) {
    try {
      parser.feed(chunk);
    } catch (MalformedPacket e) {
      over.tryFail("the server sends no MQTT: " + e.getMessage());
    }
  }

  private void frame(int firstByte, Buffer bytes, int start, int length) {
    switch (firstByte >> 4) {
      case PINGRESP -> {
        pongs++;
        if (filled || pongs == talk.pings()) {
          over.tryComplete(false);
        }
      }
      case PUBLISH -> {
        int qos = (firstByte >> 1) & 3;
        int behindTopic = start + 2 + bytes.getUnsignedShort(start);
        var answer = qos == 0 ? null : talk.answer(qos, bytes.getUnsignedShort(behindTopic));
        if (answer != null) {
          var _ = socket.write(answer);
        }
      }
      default -> {}
    }
  }
}
