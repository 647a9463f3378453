package io.starling.connection.publish;

import java.util.Arrays;
import java.util.List;

/**
 * The packet ids of QoS 2 messages that were taken and whose PUBREL has not come (MQTT 5, section
 * 4.3.3): a PUBLISH with one of them is the same message again. As many as the client may have
 * unacknowledged; costs nothing until the first. Not thread-safe.
 */
final class AwaitedReleases {
  private static final int[] NONE = {};

  private int[] packetIds = NONE;
  private int size;

  /** So many, the first ones, are of an earlier connection. */
  private int resumed;

  /** Goes on with those of an earlier connection. */
  void resume(List<Integer> earlier) {
    earlier.forEach(this::add);
    resumed = size;
  }

  /** Adds an id; no-op if it is there. */
  void add(int packetId) {
    if (contains(packetId)) {
      return;
    }
    if (size == packetIds.length) {
      packetIds = Arrays.copyOf(packetIds, Math.max(4, 2 * size));
    }
    packetIds[size++] = packetId;
  }

  /** Takes an id out; false if it is not there. */
  boolean remove(int packetId) {
    int at = indexOf(packetId);
    if (at < 0) {
      return false;
    }
    System.arraycopy(packetIds, at + 1, packetIds, at, size - at - 1);
    size--;
    resumed -= at < resumed ? 1 : 0;
    return true;
  }

  boolean contains(int packetId) {
    return indexOf(packetId) >= 0;
  }

  int size() {
    return size;
  }

  /** How many are of this connection. */
  int own() {
    return size - resumed;
  }

  /** All of them, in the order in which they were taken. */
  List<Integer> all() {
    return Arrays.stream(packetIds, 0, size).boxed().toList();
  }

  private int indexOf(int packetId) {
    for (int i = 0; i < size; i++) {
      if (packetIds[i] == packetId) {
        return i;
      }
    }
    return -1;
  }
}
