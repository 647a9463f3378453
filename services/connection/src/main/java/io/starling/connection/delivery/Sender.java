package io.starling.connection.delivery;

import io.starling.connection.mqtt.Link;
import io.starling.connection.mqtt.Message;
import java.time.InstantSource;

/**
 * Hands messages to one client's socket: none that is too large for the client or has expired, and
 * no unacknowledged one while the socket has much to write. Belongs to one event loop.
 */
final class Sender {
  private static final int MAX_MESSAGES = 1_000;
  private static final int MAX_BYTES = 1 << 20;

  private final Link link;
  private final long maximumPacketSize;
  private final InstantSource clock;
  private final DeliveryMeters meters;
  private int unwritten;
  private int unwrittenBytes;

  /**
   * For one connection.
   *
   * @param maximumPacketSize the largest packet that the client takes, bytes
   */
  Sender(Link link, long maximumPacketSize, InstantSource clock, DeliveryMeters meters) {
    this.link = link;
    this.maximumPacketSize = maximumPacketSize;
    this.clock = clock;
    this.meters = meters;
  }

  /** Tells whether the client takes a packet of this size; counts it if not. */
  boolean fits(Message message, int flags, int[] identifiers) {
    if (maximumPacketSize >= Integer.MAX_VALUE
        || message.packetSize(flags, link.isV5(), identifiers) <= maximumPacketSize) {
      return true;
    }
    meters.tooLarge().increment();
    return false;
  }

  /** Tells whether it is too late for a message; counts it if so. */
  boolean isExpired(Message message) {
    if (!message.expires() || message.secondsLeft(clock.millis()) > 0) {
      return false;
    }
    meters.expired().increment();
    return true;
  }

  /** Tells whether the client reads fast enough for messages at QoS 0. */
  boolean hasRoom() {
    return unwritten < MAX_MESSAGES && unwrittenBytes < MAX_BYTES;
  }

  /** Tells whether the socket has not taken everything yet. */
  boolean isWriting() {
    return unwritten > 0;
  }

  /** Sends a message at QoS 0, if the client reads fast enough. */
  void sendUnacknowledged(Message message, int flags, int[] identifiers) {
    if (unwritten >= MAX_MESSAGES || unwrittenBytes + message.weight() > MAX_BYTES) {
      meters.slow().increment();
    } else if (!isExpired(message)) {
      send(message, flags, 0, identifiers);
    }
  }

  /** Sends a message, whatever else the socket has to write. */
  void send(Message message, int flags, int packetId, int[] identifiers) {
    meters.sent(Message.qos(flags)).increment();
    long left = message.expires() ? Math.max(0, message.secondsLeft(clock.millis())) : -1;
    var written = link.publish(message, flags, packetId, identifiers, left);
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
}
