package io.starling.connection.delivery;

import io.starling.connection.delivery.InFlight.Stage;
import io.starling.connection.group.Ticket;
import io.starling.connection.mqtt.Message;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Events of shared subscriptions on their way to one client: sent at once or not at all, for what
 * waits for this client another member may have room. Belongs to one event loop.
 */
final class Tickets {
  private final Sender sender;
  private final InFlight inFlight;
  private final Map<Integer, Ticket> sent = new LinkedHashMap<>();

  Tickets(Sender sender, InFlight inFlight) {
    this.sender = sender;
    this.inFlight = inFlight;
  }

  /**
   * Sends an event that there is room for.
   *
   * @param source of an event at QoS 2 that a kept session completes itself
   */
  void give(Ticket ticket, int flags, int[] identifiers, @Nullable Source source) {
    var message = ticket.message();
    int qos = Message.qos(flags);
    if (!sender.fits(message, flags, identifiers)) {
      ticket.done();
    } else if (qos == 0) {
      sender.sendUnacknowledged(message, flags, identifiers);
      ticket.done();
    } else if (sender.isExpired(message)) {
      ticket.done();
    } else {
      int packetId = inFlight.take(Stage.first(flags), source, System.nanoTime());
      if (qos == 1 || source != null) {
        sent.put(packetId, ticket);
      }
      sender.send(message, flags, packetId, identifiers);
      if (qos == 2 && source == null) {
        // Begun for this session, and so for nobody else (section 4.8.2).
        ticket.done();
      }
    }
  }

  /** The client has it, or does not want it; the packet id may be of something else. */
  void over(int packetId) {
    var ticket = sent.remove(packetId);
    if (ticket != null) {
      ticket.done();
    }
  }

  /** The connection is over. */
  void close() {
    sent.forEach(
        (packetId, ticket) -> {
          if (inFlight.stage(packetId) == Stage.PUBREC) {
            // What its session completes when the client comes again (section 4.8.2).
            ticket.done();
          } else {
            ticket.back();
          }
        });
    sent.clear();
  }
}
