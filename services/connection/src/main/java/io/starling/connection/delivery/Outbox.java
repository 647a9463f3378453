package io.starling.connection.delivery;

import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Message;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one client. Requests of the cloud go ahead of events. Belongs to one event
 * loop; bounded in messages and bytes, in the queue and in what the socket has not taken yet.
 */
public final class Outbox {
  private static final int MAX_MESSAGES = 1_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_URGENT = 64;

  /** More in flight to one client brings nothing and costs a search per acknowledgement. */
  private static final int MAX_WINDOW = 100;

  private final Link link;
  private final long maximumPacketSize;
  private final DeliveryMeters meters;
  private final Consumer<CloseReason> end;

  // for this connection
  private final PacketIds inFlight;
  private @Nullable ArrayDeque<Message> urgent;
  private @Nullable ArrayDeque<Message> waiting;
  private int waitingBytes;
  private int unwritten;
  private int unwrittenBytes;
  private boolean closed;

  /**
   * An outbox for one connection; {@code end} ends it.
   *
   * @param receiveMaximum how many unacknowledged messages the client takes
   * @param maximumPacketSize the largest packet that it takes, bytes
   */
  public Outbox(
      Link link,
      int receiveMaximum,
      long maximumPacketSize,
      DeliveryMeters meters,
      Consumer<CloseReason> end) {
    this.link = link;
    this.maximumPacketSize = maximumPacketSize;
    this.meters = meters;
    this.end = end;
    this.inFlight = new PacketIds(Math.min(receiveMaximum, MAX_WINDOW));
  }

  /** Sends an event, now or when it is its turn. */
  public void deliver(Message message, int qos) {
    if (closed) {
      return;
    }
    if (!fits(message, qos)) {
      meters.tooLarge().increment();
    } else if (qos == 0) {
      deliverUnacknowledged(message);
    } else if (!inFlight.isFull() && waiting == null) {
      write(message, 1, inFlight.take());
    } else {
      queue(message);
    }
  }

  private boolean fits(Message message, int qos) {
    return maximumPacketSize >= Integer.MAX_VALUE
        || message.packetSize(qos, link.isV5()) <= maximumPacketSize;
  }

  private void deliverUnacknowledged(Message message) {
    if (unwritten >= MAX_MESSAGES || unwrittenBytes + message.weight() > MAX_BYTES) {
      meters.slow().increment();
    } else {
      write(message, 0, 0);
    }
  }

  private void queue(Message message) {
    var queue = waiting == null ? new ArrayDeque<Message>() : waiting;
    waiting = queue;
    if (queue.size() >= MAX_MESSAGES || waitingBytes + message.weight() > MAX_BYTES) {
      meters.overflow().increment();
      end.accept(CloseReason.QUOTA_EXCEEDED);
      return;
    }
    queue.add(message.detach());
    waitingBytes += message.weight();
  }

  /**
   * Sends something of the cloud at QoS 1, ahead of all events.
   *
   * @return whether it will be sent: not if too much waits, or if it is too large for the client
   */
  public boolean send(Message message) {
    if (closed || !fits(message, 1)) {
      return false;
    }
    if (!inFlight.isFull()) {
      write(message, 1, inFlight.take());
      return true;
    }
    var queue = urgent == null ? new ArrayDeque<Message>() : urgent;
    urgent = queue;
    return queue.size() < MAX_URGENT && queue.add(message);
  }

  /** PUBACK: makes room for what waits. */
  public void acknowledged(int packetId) {
    if (!inFlight.release(packetId) || closed) {
      return;
    }
    while (!closed && !inFlight.isFull()) {
      var next = next();
      if (next == null) {
        return;
      }
      write(next, 1, inFlight.take());
    }
  }

  private @Nullable Message next() {
    if (urgent != null) {
      var message = urgent.poll();
      if (message != null) {
        return message;
      }
      urgent = null;
    }
    if (waiting == null) {
      return null;
    }
    var message = waiting.poll();
    if (message == null) {
      waiting = null;
    } else {
      waitingBytes -= message.weight();
    }
    return message;
  }

  private void write(Message message, int qos, int packetId) {
    meters.sent(qos).increment();
    var written = link.publish(message, qos, packetId);
    if (written.isComplete()) {
      return;
    }
    int bytes = message.weight();
    unwritten++;
    unwrittenBytes += bytes;
    written.onComplete(
        _ -> {
          unwritten--;
          unwrittenBytes -= bytes;
        });
  }

  /** Nothing is sent from here on. */
  public void close() {
    closed = true;
    urgent = null;
    waiting = null;
  }
}
