package io.starling.standalone;

import io.starling.testing.client.Target;
import io.starling.testing.wire.FrameParser;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * A mutant of the whole server, by a proxy before its MQTT port: it acknowledges events itself, at
 * once, and hands everything on half a second later.
 */
final class EarlyAckProxy {
  private static final int PUBLISH_QOS_1 = 0x32;
  private static final int DUP = 0x08;
  private static final int PUBACK = 0x40;
  private static final int MOST_BYTES = 1 << 20;
  private static final long LATE_MILLIS = 500;

  private final Vertx vertx;
  private final NetServer server;
  private final NetClient client;
  private final Target target;

  private EarlyAckProxy(Vertx vertx, Target target) {
    this.vertx = vertx;
    this.server = vertx.createNetServer();
    this.client = vertx.createNetClient();
    this.target = target;
  }

  /** Where devices connect to be deceived about this server. */
  static Future<Target> open(Vertx vertx, Target server) {
    var proxy = new EarlyAckProxy(vertx, server);
    return proxy
        .server
        .connectHandler(proxy::accept)
        .listen(0, "127.0.0.1")
        .map(opened -> Target.plain("127.0.0.1", opened.actualPort()));
  }

  private void accept(NetSocket device) {
    device.pause();
    client
        .connect(target.port(), target.host())
        .onSuccess(cloud -> join(device, cloud))
        .onFailure(_ -> device.close());
  }

  private void join(NetSocket device, NetSocket cloud) {
    Set<Integer> acked = new HashSet<>();
    var up =
        new FrameParser(
            MOST_BYTES,
            (first, bytes, start, length) -> {
              if ((first & ~DUP) == PUBLISH_QOS_1 && isEvent(bytes, start)) {
                int id = packetId(bytes, start);
                acked.add(id);
                device.write(Buffer.buffer(new byte[] {PUBACK, 2, (byte) (id >> 8), (byte) id}));
              }
              var frame = frame(first, bytes.getBuffer(start, start + length));
              vertx.setTimer(LATE_MILLIS, _ -> cloud.write(frame));
            });
    var down =
        new FrameParser(
            MOST_BYTES,
            (first, bytes, start, length) -> {
              if (first != PUBACK || !acked.remove(bytes.getUnsignedShort(start))) {
                device.write(frame(first, bytes.getBuffer(start, start + length)));
              }
            });
    device.handler(up::feed);
    cloud.handler(down::feed);
    device.closeHandler(_ -> cloud.close());
    cloud.closeHandler(_ -> device.close());
    device.resume();
  }

  private static boolean isEvent(Buffer bytes, int start) {
    int length = bytes.getUnsignedShort(start);
    return !bytes
        .getString(start + 2, start + 2 + length, StandardCharsets.UTF_8.name())
        .startsWith("$");
  }

  private static int packetId(Buffer bytes, int start) {
    return bytes.getUnsignedShort(start + 2 + bytes.getUnsignedShort(start));
  }

  private static Buffer frame(int first, Buffer body) {
    var frame = Buffer.buffer().appendByte((byte) first);
    int left = body.length();
    do {
      frame.appendByte((byte) (left > 127 ? (left & 127) | 128 : left));
      left >>= 7;
    } while (left > 0);
    return frame.appendBuffer(body);
  }
}
