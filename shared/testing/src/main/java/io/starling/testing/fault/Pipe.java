package io.starling.testing.fault;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * One direction of one connection: copies bytes as its valve lets them. Keeps about 64 KiB at most
 * and stops reading then. For the event loop of its sockets.
 */
final class Pipe {
  private static final int HIGH_WATER_BYTES = 64 << 10;
  private static final long LOOK_AGAIN_MILLIS = 5;

  private record Chunk(Buffer bytes, long arrived) {}

  private final Vertx vertx;
  private final Valve valve;
  private final NetSocket from;
  private final NetSocket to;
  private final Runnable cut;
  private final Deque<Chunk> queue = new ArrayDeque<>();
  private int queued;
  private boolean waiting;
  private boolean closed;

  Pipe(Vertx vertx, Valve valve, NetSocket from, NetSocket to, Runnable cut) {
    this.vertx = vertx;
    this.valve = valve;
    this.from = from;
    this.to = to;
    this.cut = cut;
  }

  void open() {
    from.handler(
        bytes -> {
          queue.add(new Chunk(bytes, System.nanoTime()));
          queued += bytes.length();
          flow();
        });
    from.endHandler(_ -> closed = true);
    from.exceptionHandler(_ -> closed = true);
    from.resume();
  }

  private void flow() {
    while (!queue.isEmpty() && !to.writeQueueFull()) {
      var head = queue.remove();
      var grant = valve.take(head.bytes.length(), head.arrived);
      if (grant.bytes() > 0) {
        to.write(head.bytes.getBuffer(0, grant.bytes()));
        queued -= grant.bytes();
      }
      if (grant.cut()) {
        cut.run();
        return;
      }
      if (grant.bytes() < head.bytes.length()) {
        var left = head.bytes.getBuffer(grant.bytes(), head.bytes.length());
        queue.addFirst(new Chunk(left, head.arrived));
        break;
      }
    }
    if (queued > HIGH_WATER_BYTES) {
      from.pause();
    } else {
      from.resume();
    }
    if (!queue.isEmpty() && !waiting && !closed) {
      waiting = true;
      vertx.setTimer(LOOK_AGAIN_MILLIS, _ -> lookAgain());
    }
  }

  private void lookAgain() {
    waiting = false;
    flow();
  }
}
