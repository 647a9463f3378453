package io.starling.connection.publish;

import io.starling.connection.mqtt.AckCode;
import org.jspecify.annotations.Nullable;

/**
 * The QoS 1 and 2 messages of a session that are not acknowledged yet by PUBACK or PUBREC, in the
 * order of their PUBLISH: outcomes come in any order, acknowledgements leave in that one. A ring
 * that costs nothing until the first message. Not thread-safe.
 */
final class AckOrder {
  private static final int FIRST_CAPACITY = 4;

  /** Beside the packet id of a QoS 2 message. */
  private static final int EXACTLY_ONCE = 1 << 16;

  private static final int[] NO_INTS = {};
  private static final long[] NO_LONGS = {};
  private static final @Nullable AckCode[] NO_CODES = {};

  private int[] packetIds = NO_INTS;
  private int[] sizes = NO_INTS;
  private long[] starts = NO_LONGS;
  private @Nullable AckCode[] codes = NO_CODES;

  /** Tickets from {@code first} (the oldest that is open) up to but not {@code next}. */
  private long first;

  private long next;
  private long bytes;

  /**
   * Takes in a message.
   *
   * @param exactlyOnce whether it is of QoS 2
   * @param bytes of its payload
   * @param startNanos when it came
   * @return its ticket
   */
  long open(int packetId, boolean exactlyOnce, int bytes, long startNanos) {
    if (size() == packetIds.length) {
      grow();
    }
    int at = at(next);
    packetIds[at] = exactlyOnce ? packetId | EXACTLY_ONCE : packetId;
    sizes[at] = bytes;
    starts[at] = startNanos;
    codes[at] = null;
    this.bytes += bytes;
    return next++;
  }

  private void grow() {
    int old = packetIds.length;
    int capacity = Math.max(FIRST_CAPACITY, 2 * old);
    int[] newPacketIds = new int[capacity];
    int[] newSizes = new int[capacity];
    long[] newStarts = new long[capacity];
    var newCodes = new @Nullable AckCode[capacity];
    for (long ticket = first; ticket < next; ticket++) {
      int to = (int) (ticket & (capacity - 1));
      newPacketIds[to] = packetIds[at(ticket)];
      newSizes[to] = sizes[at(ticket)];
      newStarts[to] = starts[at(ticket)];
      newCodes[to] = codes[at(ticket)];
    }
    packetIds = newPacketIds;
    sizes = newSizes;
    starts = newStarts;
    codes = newCodes;
  }

  private int at(long ticket) {
    return (int) (ticket & (packetIds.length - 1));
  }

  /** Tells whether a packet id belongs to a message that is not acknowledged yet. */
  boolean isOpen(int packetId) {
    for (long ticket = first; ticket < next; ticket++) {
      if ((packetIds[at(ticket)] & ~EXACTLY_ONCE) == packetId) {
        return true;
      }
    }
    return false;
  }

  /** Says how a message is to be acknowledged, once it is its turn. */
  void settle(long ticket, AckCode code) {
    codes[at(ticket)] = code;
  }

  /** How the oldest message is to be acknowledged; null if it has to wait, or there is none. */
  @Nullable AckCode ready() {
    return first == next ? null : codes[at(first)];
  }

  /** The packet id of the oldest message. */
  int packetId() {
    return packetId(first);
  }

  /** The packet id of a message. */
  int packetId(long ticket) {
    return packetIds[at(ticket)] & ~EXACTLY_ONCE;
  }

  /** Tells whether the oldest message is of QoS 2. */
  boolean isExactlyOnce() {
    return isExactlyOnce(first);
  }

  /** Tells whether a message is of QoS 2. */
  boolean isExactlyOnce(long ticket) {
    return (packetIds[at(ticket)] & EXACTLY_ONCE) != 0;
  }

  /** When the oldest message came. */
  long startNanos() {
    return starts[at(first)];
  }

  /** Takes the oldest message out. */
  void remove() {
    bytes -= sizes[at(first)];
    first++;
  }

  /** How many messages are open. */
  int size() {
    return (int) (next - first);
  }

  /** The bytes of their payloads. */
  long bytes() {
    return bytes;
  }
}
