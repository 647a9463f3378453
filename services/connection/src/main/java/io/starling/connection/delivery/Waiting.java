package io.starling.connection.delivery;

import io.starling.connection.mqtt.Message;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The messages that wait until a client has acknowledged others. Not thread-safe. */
final class Waiting {
  private final ArrayDeque<Copy> copies = new ArrayDeque<>();
  private int bytes;

  /**
   * A message for one client.
   *
   * @param flags as {@link Message#flags}
   * @param identifiers of the subscriptions that it is for
   * @param place the record that it is of, null if its session is not kept
   * @param ordinal how many events of this record the client was to get before it
   */
  @SuppressWarnings("ArrayRecordComponent") // Never changed, and copies are not compared.
  record Copy(Message message, int flags, int[] identifiers, @Nullable Place place, int ordinal) {}

  void add(Copy copy) {
    var _ = copy.message().detach();
    copies.add(copy);
    bytes += copy.message().weight();
  }

  @Nullable Copy poll() {
    var next = copies.poll();
    if (next != null) {
      bytes -= next.message().weight();
    }
    return next;
  }

  /** Tells whether there is room for another one within these bounds. */
  boolean hasRoom(Message message, int maxMessages, int maxBytes) {
    return copies.size() < maxMessages && bytes + message.weight() <= maxBytes;
  }

  /** How many are of sessions that are not kept: nobody can read them again. */
  int unkept() {
    int unkept = 0;
    for (var copy : copies) {
      unkept += copy.place() == null ? 1 : 0;
    }
    return unkept;
  }

  boolean isEmpty() {
    return copies.isEmpty();
  }

  /** The first of a shard; null if there is none. */
  @Nullable Copy first(int shard) {
    for (var copy : copies) {
      if (copy.place() != null && copy.place().shard() == shard) {
        return copy;
      }
    }
    return null;
  }
}
