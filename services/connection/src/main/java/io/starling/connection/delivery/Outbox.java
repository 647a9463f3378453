package io.starling.connection.delivery;

import io.starling.connection.delivery.InFlight.Stage;
import io.starling.connection.delivery.Waiting.Copy;
import io.starling.connection.group.Ticket;
import io.starling.connection.mqtt.CloseReason;
import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Message;
import io.starling.contract.JournalPosition;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is on its way to one client. Requests of the cloud go ahead of events. Belongs to one event
 * loop; bounded in messages and bytes, in the queue and in what the socket has not taken yet.
 */
public final class Outbox {
  /** Of what is for no subscription that has an identifier. */
  static final int[] NO_IDENTIFIERS = {};

  private static final int MAX_MESSAGES = 1_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_URGENT = 64;
  private static final int FIRST_FAILURE = 0x80;
  private static final int URGENT_FLAGS = Message.flags(1, false);

  /** What a persistent session has no room for it reads again: little has to wait here. */
  private static final int MAX_AHEAD = 50;

  private static final int MAX_AHEAD_BYTES = 64 << 10;

  /** More in flight to one client brings nothing and costs a search per acknowledgement. */
  private static final int MAX_WINDOW = 100;

  private final Link link;
  private final Sender sender;
  private final DeliveryMeters meters;
  private final Consumer<CloseReason> end;

  // for the session
  private final InFlight inFlight;

  // for this connection
  private @Nullable ArrayDeque<Message> urgent;
  private @Nullable Waiting waiting;
  private @Nullable Tickets tickets;
  private boolean closed;
  private final List<Runnable> onRoom = new ArrayList<>(2);

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
      InstantSource clock,
      DeliveryMeters meters,
      Consumer<CloseReason> end) {
    this.link = link;
    this.sender = new Sender(link, maximumPacketSize, clock, meters);
    this.meters = meters;
    this.end = end;
    this.inFlight = new InFlight(Math.min(receiveMaximum, MAX_WINDOW));
  }

  /** Sends something of the cloud at QoS 0. */
  public void deliver(Message message) {
    deliver(message, 0, NO_IDENTIFIERS);
  }

  /** Sends an event, now or when it is its turn. */
  void deliver(Message message, int flags, int[] identifiers) {
    deliver(message, flags, identifiers, null);
  }

  /**
   * The same.
   *
   * @param place for {@link #oldest}
   */
  void deliver(Message message, int flags, int[] identifiers, @Nullable Place place) {
    if (closed || !sender.fits(message, flags, identifiers)) {
      return;
    }
    if (Message.qos(flags) == 0) {
      sender.sendUnacknowledged(message, flags, identifiers);
    } else if (waiting == null && !inFlight.isFull()) {
      write(new Copy(message, flags, identifiers, place, 0));
    } else {
      queue(new Copy(message, flags, identifiers, place, 0));
    }
  }

  /**
   * Takes an event of a persistent session if it has room; if not, it is to be read again later.
   *
   * @return whether it was taken
   */
  boolean offer(Copy copy) {
    if (waiting != null && !waiting.hasRoom(copy.message(), MAX_AHEAD, MAX_AHEAD_BYTES)) {
      return false;
    }
    take(copy);
    return true;
  }

  /** Takes an event of a page that was read for a persistent session. */
  void take(Copy copy) {
    if (closed || !sender.fits(copy.message(), copy.flags(), copy.identifiers())) {
      return;
    }
    if (waiting == null && !inFlight.isFull()) {
      write(copy);
    } else {
      hold(copy);
    }
  }

  /**
   * Goes on with a packet id of an earlier connection (MQTT 5, section 4.4): it is in use, and if
   * the client has the message it is told so again.
   *
   * @return false if the client takes fewer at a time by now
   */
  boolean resume(Progress.Sent sent) {
    if (closed || (sent.source() != null && inFlight.isFull())) {
      return false;
    }
    inFlight.put(sent.packetId(), sent.stage(), sent.source());
    if (sent.source() == null) {
      link.release(sent.packetId());
    }
    return true;
  }

  /** Sends again what was in flight over an earlier connection, however old it is by now. */
  void repeat(Copy copy, int packetId) {
    var stage = inFlight.stage(packetId);
    if (closed || stage == Stage.NONE || stage == Stage.PUBCOMP) {
      return;
    }
    int flags = Message.again(copy.flags(), stage == Stage.PUBREC ? 2 : 1);
    if (sender.fits(copy.message(), flags, copy.identifiers())) {
      sender.send(copy.message(), flags, packetId, copy.identifiers());
    } else {
      release(packetId);
    }
  }

  /** What was in flight cannot be had again. */
  void forget(int packetId) {
    var stage = inFlight.stage(packetId);
    if (stage == Stage.PUBACK || stage == Stage.PUBREC) {
      release(packetId);
    }
  }

  /** Tells whether nothing waits for an acknowledgement of something else. */
  public boolean hasRoom() {
    return waiting == null && !inFlight.isFull();
  }

  /** Tells whether the socket has not taken everything yet. */
  public boolean isWriting() {
    return sender.isWriting();
  }

  /** Calls the listener whenever it has room again. */
  public void onRoom(Runnable listener) {
    onRoom.add(listener);
  }

  /** What is in flight to the client. */
  InFlight inFlight() {
    return inFlight;
  }

  /** The first of a shard that waits; null if there is none. */
  @Nullable Copy firstWaiting(int shard) {
    return waiting == null ? null : waiting.first(shard);
  }

  /** Tells whether the client has everything that can be read again. */
  boolean isIdle() {
    return waiting == null && inFlight.isIdle();
  }

  /** The first record of a shard of which the client has not acknowledged everything. */
  @Nullable JournalPosition oldest(int shard) {
    var oldest = inFlight.oldest(shard);
    var next = firstWaiting(shard);
    return next == null || next.place() == null
        ? oldest
        : InFlight.older(oldest, next.place().position());
  }

  /** How many messages the client is sent before it acknowledges some. */
  int window() {
    return inFlight.window();
  }

  /** Tells whether a message at QoS 0 would not be dropped. */
  boolean isWritten() {
    return sender.hasRoom();
  }

  /**
   * Sends an event of a shared subscription at once. It has room for it, or the QoS is 0.
   *
   * @param source of an event at QoS 2 that a kept session completes itself
   */
  void give(Ticket ticket, int flags, int[] identifiers, @Nullable Source source) {
    if (closed) {
      ticket.back();
      return;
    }
    var mine = tickets == null ? new Tickets(sender, inFlight) : tickets;
    tickets = mine;
    mine.give(ticket, flags, identifiers, source);
  }

  private void queue(Copy copy) {
    if (waiting != null && !waiting.hasRoom(copy.message(), MAX_MESSAGES, MAX_BYTES)) {
      meters.overflow().increment();
      end.accept(CloseReason.QUOTA_EXCEEDED);
      return;
    }
    hold(copy);
  }

  private void hold(Copy copy) {
    var queue = waiting == null ? new Waiting() : waiting;
    waiting = queue;
    queue.add(copy);
  }

  /**
   * Sends something of the cloud at QoS 1, ahead of all events.
   *
   * @return whether it will be sent: not if too much waits, or if it is too large for the client
   */
  public boolean send(Message message) {
    if (closed || !sender.fits(message, URGENT_FLAGS, NO_IDENTIFIERS)) {
      return false;
    }
    if (!inFlight.isFull()) {
      write(message, URGENT_FLAGS, NO_IDENTIFIERS, null);
      return true;
    }
    var queue = urgent == null ? new ArrayDeque<Message>() : urgent;
    urgent = queue;
    return queue.size() < MAX_URGENT && queue.add(message);
  }

  /** PUBACK: makes room for what waits. */
  public void acknowledged(int packetId) {
    switch (inFlight.stage(packetId)) {
      case PUBACK -> {
        meters.taken(1, inFlight.sentNanos(packetId));
        release(packetId);
      }
      case NONE -> {}
      case PUBREC, PUBCOMP -> end.accept(CloseReason.PROTOCOL_ERROR);
    }
  }

  /** PUBREC: the client has the message, or does not want it (MQTT 5, section 4.3.3). */
  public void received(int packetId, int reasonCode) {
    boolean refused = reasonCode >= FIRST_FAILURE;
    switch (inFlight.stage(packetId)) {
      case PUBREC, PUBCOMP -> {
        if (inFlight.stage(packetId) == Stage.PUBREC) {
          meters.taken(2, inFlight.sentNanos(packetId));
        }
        if (refused) {
          release(packetId);
        } else {
          inFlight.received(packetId);
          over(packetId);
          link.release(packetId);
        }
      }
      case NONE -> {
        if (!refused) {
          // What an earlier session left open ends this way.
          link.release(packetId);
        }
      }
      case PUBACK -> end.accept(CloseReason.PROTOCOL_ERROR);
    }
  }

  /** PUBCOMP: makes room for what waits. */
  public void completed(int packetId) {
    switch (inFlight.stage(packetId)) {
      case PUBCOMP -> release(packetId);
      case NONE -> {}
      case PUBACK, PUBREC -> end.accept(CloseReason.PROTOCOL_ERROR);
    }
  }

  private void over(int packetId) {
    if (tickets != null) {
      tickets.over(packetId);
    }
  }

  private void release(int packetId) {
    inFlight.release(packetId);
    over(packetId);
    while (!closed && !inFlight.isFull() && writeNext()) {
      // One after the other.
    }
    for (var listener : onRoom) {
      if (!closed && hasRoom()) {
        listener.run();
      }
    }
  }

  private boolean writeNext() {
    var message = urgent == null ? null : urgent.poll();
    if (message != null) {
      write(message, URGENT_FLAGS, NO_IDENTIFIERS, null);
      return true;
    }
    urgent = null;
    var next = waiting == null ? null : waiting.poll();
    if (next == null) {
      waiting = null;
      return false;
    }
    write(next);
    return true;
  }

  private void write(Copy copy) {
    var place = copy.place();
    var id = copy.message().id();
    var source = place == null || id == null ? null : Source.of(place, id);
    write(copy.message(), copy.flags(), copy.identifiers(), source);
  }

  private void write(Message message, int flags, int[] identifiers, @Nullable Source source) {
    if (!sender.isExpired(message)) {
      sender.send(
          message,
          flags,
          inFlight.take(Stage.first(flags), source, System.nanoTime()),
          identifiers);
    }
  }

  /** Nothing is sent from here on. */
  public void close() {
    closed = true;
    urgent = null;
    if (waiting != null) {
      meters.connectionEnded().increment(waiting.unkept());
      waiting = null;
    }
    if (tickets != null) {
      tickets.close();
    }
  }
}
