package io.starling.connection.delivery;

import java.util.Arrays;

/**
 * The packet ids of what is in flight to a client: within a window, and never one that is in use.
 * Costs nothing until the first. Not thread-safe.
 */
final class PacketIds {
  private static final int MAX_ID = 65_535;
  private static final int[] NONE = {};

  private final int window;
  private int[] inFlight = NONE;
  private int size;
  private int last;

  PacketIds(int window) {
    this.window = window;
  }

  boolean isFull() {
    return size >= window;
  }

  int size() {
    return size;
  }

  /** A packet id that nothing in flight has; the window must not be full. */
  int take() {
    do {
      last = last == MAX_ID ? 1 : last + 1;
    } while (indexOf(last) >= 0);
    if (size == inFlight.length) {
      inFlight = Arrays.copyOf(inFlight, Math.min(window, Math.max(4, 2 * size)));
    }
    inFlight[size++] = last;
    return last;
  }

  /** Gives an id back; false if it was not in flight. */
  boolean release(int packetId) {
    int at = indexOf(packetId);
    if (at < 0) {
      return false;
    }
    // Acknowledgements come in the order of the messages: nearly always it is the first.
    System.arraycopy(inFlight, at + 1, inFlight, at, size - at - 1);
    size--;
    return true;
  }

  private int indexOf(int packetId) {
    for (int i = 0; i < size; i++) {
      if (inFlight[i] == packetId) {
        return i;
      }
    }
    return -1;
  }
}
