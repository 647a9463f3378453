package io.starling.testing.client;

import io.starling.testing.wire.ClientPackets;
import io.starling.testing.wire.ClientPackets.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What a device has published and what still waits: a bounded queue before a bounded window. For
 * one event loop.
 */
final class Outbox {
  /** One publish on its way. */
  static final class Entry {
    private final int sequence;
    private final Message message;
    private final Promise<Ack> answer = Promise.promise();
    private boolean released;

    Entry(int sequence, Message message) {
      this.sequence = sequence;
      this.message = message;
    }

    Future<Ack> answer() {
      return answer.future();
    }

    private void complete(int reasonCode) {
      answer.complete(new Ack(sequence, reasonCode));
    }

    private void fail(String cause) {
      answer.fail(new NotSent(cause));
    }
  }

  /** Bytes to write now; {@code unconfirmed} (QoS 0) are done when these have been written. */
  record Batch(Buffer bytes, List<Entry> unconfirmed) {
    void written() {
      unconfirmed.forEach(entry -> entry.complete(0));
    }

    void lost(String cause) {
      unconfirmed.forEach(entry -> entry.fail(cause));
    }
  }

  private final ClientPackets packets;
  private final PacketIds ids;
  private final DeviceOptions.Sending limits;

  // for the session
  private final Deque<Entry> waiting = new ArrayDeque<>();
  private final LinkedHashMap<Integer, Entry> inFlight = new LinkedHashMap<>();

  // for this connection
  private int window;

  Outbox(ClientPackets packets, PacketIds ids, DeviceOptions.Sending limits) {
    this.packets = packets;
    this.ids = ids;
    this.limits = limits;
    this.window = limits.maxInFlight();
  }

  /** Queues a publish, or fails it when it would have to wait and the queue is full. */
  void add(Entry entry) {
    var mustWait = inFlight.size() + waiting.size() >= window;
    if (mustWait && waiting.size() >= limits.maxWaiting()) {
      entry.fail("queue of the device is full (" + limits.maxWaiting() + ")");
    } else {
      waiting.add(entry);
    }
  }

  int size() {
    return waiting.size() + inFlight.size();
  }

  /** Everything that the window lets out, in order. */
  Batch drain() {
    var bytes = Buffer.buffer();
    var unconfirmed = new ArrayList<Entry>();
    while (!waiting.isEmpty()) {
      var next = waiting.element();
      if (next.message.qos() > 0 && inFlight.size() >= window) {
        break;
      }
      waiting.remove();
      if (next.message.qos() == 0) {
        bytes.appendBuffer(packets.publish(next.message, 0, false));
        unconfirmed.add(next);
      } else {
        var id = ids.take();
        inFlight.put(id, next);
        bytes.appendBuffer(packets.publish(next.message, id, false));
      }
    }
    return new Batch(bytes, unconfirmed);
  }

  /** PUBACK, PUBCOMP or a refusing PUBREC: the publish is over. */
  void answered(int packetId, int reasonCode) {
    var entry = inFlight.remove(packetId);
    if (entry != null) {
      ids.free(packetId);
      entry.complete(reasonCode);
    }
  }

  /** PUBREC: the server has the message; from now on only PUBREL may be sent again. */
  void received(int packetId) {
    var entry = inFlight.get(packetId);
    if (entry != null) {
      entry.released = true;
    }
  }

  /**
   * The bytes with which a new connection begins: what the server kept is repeated with DUP and its
   * packet ids; what it forgot goes back to the head of the queue.
   */
  Buffer begin(boolean sessionPresent, int receiveMaximum) {
    window = Math.min(limits.maxInFlight(), receiveMaximum);
    var bytes = Buffer.buffer();
    if (sessionPresent) {
      inFlight.forEach(
          (id, entry) ->
              bytes.appendBuffer(
                  entry.released ? packets.pubRel(id) : packets.publish(entry.message, id, true)));
      return bytes;
    }
    var again = new ArrayList<>(inFlight.entrySet());
    inFlight.clear();
    for (var kept : again.reversed()) {
      ids.free(kept.getKey());
      if (kept.getValue().released) {
        kept.getValue().complete(0);
      } else {
        waiting.addFirst(kept.getValue());
      }
    }
    return bytes;
  }

  /** The connection is gone: without redelivery its publishes have failed. */
  void interrupted(String cause) {
    if (!limits.redelivers()) {
      failInFlight(cause);
    }
  }

  /** There will be no other connection. */
  void ended(String cause) {
    failInFlight(cause);
    var left = List.copyOf(waiting);
    waiting.clear();
    left.forEach(entry -> entry.fail(cause));
  }

  private void failInFlight(String cause) {
    var left = List.copyOf(inFlight.values());
    inFlight.keySet().forEach(ids::free);
    inFlight.clear();
    left.forEach(entry -> entry.fail(cause));
  }
}
