package io.starling.connection.delivery;

import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Message;
import io.starling.contract.JournalPosition;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
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

  /** What a persistent session has no room for it reads again: little has to wait here. */
  private static final int MAX_AHEAD = 50;

  private static final int MAX_AHEAD_BYTES = 64 << 10;

  /** More in flight to one client brings nothing and costs a search per acknowledgement. */
  private static final int MAX_WINDOW = 100;

  private final Link link;
  private final long maximumPacketSize;
  private final DeliveryMeters meters;
  private final Consumer<CloseReason> end;

  // for this connection
  private final PacketIds inFlight;
  private @Nullable ArrayDeque<Message> urgent;
  private @Nullable ArrayDeque<Waiting> waiting;
  private int waitingBytes;
  private int unwritten;
  private int unwrittenBytes;
  private boolean closed;

  // for a persistent session
  private @Nullable Map<Integer, Place> places;
  private @Nullable Runnable onRoom;

  private record Waiting(Message message, @Nullable Place place) {}

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

  /**
   * Takes an event of a persistent session if it has room; if not, it is to be read again later.
   *
   * @return whether it was taken
   */
  boolean offer(Message message, Place place) {
    if (waiting != null
        && (waiting.size() >= MAX_AHEAD || waitingBytes + message.weight() > MAX_AHEAD_BYTES)) {
      return false;
    }
    take(message, place);
    return true;
  }

  /** Takes an event of a page that was read for a persistent session. */
  void take(Message message, Place place) {
    if (closed) {
      return;
    }
    if (!fits(message, 1)) {
      meters.tooLarge().increment();
    } else if (!inFlight.isFull() && waiting == null) {
      write(new Waiting(message, place));
    } else {
      hold(message, place);
    }
  }

  /** Tells whether nothing waits for an acknowledgement of something else. */
  boolean hasRoom() {
    return waiting == null && !inFlight.isFull();
  }

  /** Calls the listener whenever it has room again. */
  void onRoom(Runnable listener) {
    onRoom = listener;
  }

  /** Tells whether the client has acknowledged everything with a place. */
  boolean isIdle() {
    return waiting == null && (places == null || places.isEmpty());
  }

  /** The first record of a shard of which the client has not acknowledged everything. */
  @Nullable JournalPosition oldest(int shard) {
    @Nullable JournalPosition oldest = null;
    if (places != null) {
      for (var place : places.values()) {
        oldest = older(oldest, place, shard);
      }
    }
    if (waiting != null) {
      for (var one : waiting) {
        oldest = older(oldest, one.place(), shard);
      }
    }
    return oldest;
  }

  private static @Nullable JournalPosition older(
      @Nullable JournalPosition oldest, @Nullable Place place, int shard) {
    if (place == null || place.shard() != shard) {
      return oldest;
    }
    var position = place.position();
    return oldest == null || position.compareTo(oldest) < 0 ? position : oldest;
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
    if (waiting != null
        && (waiting.size() >= MAX_MESSAGES || waitingBytes + message.weight() > MAX_BYTES)) {
      meters.overflow().increment();
      end.accept(CloseReason.QUOTA_EXCEEDED);
      return;
    }
    hold(message, null);
  }

  private void hold(Message message, @Nullable Place place) {
    var queue = waiting == null ? new ArrayDeque<Waiting>() : waiting;
    waiting = queue;
    queue.add(new Waiting(message.detach(), place));
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
    if (places != null) {
      places.remove(packetId);
    }
    while (!closed && !inFlight.isFull()) {
      var next = next();
      if (next == null) {
        break;
      }
      write(next);
    }
    if (onRoom != null && !closed && hasRoom()) {
      onRoom.run();
    }
  }

  private @Nullable Waiting next() {
    if (urgent != null) {
      var message = urgent.poll();
      if (message != null) {
        return new Waiting(message, null);
      }
      urgent = null;
    }
    if (waiting == null) {
      return null;
    }
    var next = waiting.poll();
    if (next == null) {
      waiting = null;
    } else {
      waitingBytes -= next.message().weight();
    }
    return next;
  }

  private void write(Waiting one) {
    int packetId = inFlight.take();
    if (one.place() != null) {
      var known = places == null ? new HashMap<Integer, Place>() : places;
      places = known;
      known.put(packetId, one.place());
    }
    write(one.message(), 1, packetId);
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
