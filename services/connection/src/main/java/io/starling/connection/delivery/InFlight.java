package io.starling.connection.delivery;

import io.starling.connection.mqtt.Message;
import io.starling.contract.JournalPosition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The packet ids of what is in flight to a client, with how far each is: within a window, and never
 * one that is in use. Costs nothing until the first. Not thread-safe.
 */
final class InFlight {
  private static final int MAX_ID = 65_535;
  private static final int[] NO_IDS = {};
  private static final Stage[] NO_STAGES = {};
  private static final @Nullable Source[] NO_SOURCES = {};
  private static final long[] NO_TIMES = {};

  private final int window;
  private int[] ids = NO_IDS;
  private Stage[] stages = NO_STAGES;
  private @Nullable Source[] sources = NO_SOURCES;
  private long[] sentNanos = NO_TIMES;
  private int size;
  private int last;

  /** What is expected of the client next. */
  enum Stage {
    /** Nothing: there is no such packet id. */
    NONE(0),
    PUBACK(4),
    PUBREC(5),
    PUBCOMP(7);

    private final int code;

    Stage(int code) {
      this.code = code;
    }

    /** As it is kept: the type of the packet. */
    int code() {
      return code;
    }

    /** That of a message with these flags when it is sent. */
    static Stage first(int flags) {
      return Message.qos(flags) == 1 ? PUBACK : PUBREC;
    }

    static Stage of(int code) {
      return switch (code) {
        case 4 -> PUBACK;
        case 5 -> PUBREC;
        case 7 -> PUBCOMP;
        default -> NONE;
      };
    }
  }

  /** Takes what is in flight. */
  interface Visitor {
    void visit(int packetId, Stage stage, @Nullable Source source);
  }

  InFlight(int window) {
    this.window = window;
  }

  int window() {
    return window;
  }

  boolean isFull() {
    return size >= window;
  }

  int size() {
    return size;
  }

  /**
   * A packet id that nothing in flight has; the window must not be full.
   *
   * @param source where the message can be had again, null if it cannot
   * @param nowNanos when it is sent, for {@link #sentNanos}
   */
  int take(Stage stage, @Nullable Source source, long nowNanos) {
    do {
      last = last == MAX_ID ? 1 : last + 1;
    } while (indexOf(last) >= 0);
    put(last, stage, source);
    sentNanos[size - 1] = nowNanos;
    return last;
  }

  /** Takes what was in flight over an earlier connection, under its packet id. */
  void put(int packetId, Stage stage, @Nullable Source source) {
    if (size == ids.length) {
      int capacity = Math.max(4, 2 * size);
      ids = Arrays.copyOf(ids, capacity);
      stages = Arrays.copyOf(stages, capacity);
      sources = Arrays.copyOf(sources, capacity);
      sentNanos = Arrays.copyOf(sentNanos, capacity);
    }
    ids[size] = packetId;
    stages[size] = stage;
    sentNanos[size] = 0;
    sources[size++] = source;
  }

  /** What is expected next of a packet id. */
  Stage stage(int packetId) {
    int at = indexOf(packetId);
    return at < 0 ? Stage.NONE : stages[at];
  }

  /** When it was sent; 0 if that was over an earlier connection, or if there is no such id. */
  long sentNanos(int packetId) {
    int at = indexOf(packetId);
    return at < 0 ? 0 : sentNanos[at];
  }

  /** The client has the message: its id is in use until PUBCOMP. */
  void received(int packetId) {
    int at = indexOf(packetId);
    stages[at] = Stage.PUBCOMP;
    sources[at] = null;
  }

  /** Gives an id back that is in flight. */
  void release(int packetId) {
    int at = indexOf(packetId);
    // Acknowledgements come in the order of the messages: nearly always it is the first.
    int behind = size - at - 1;
    System.arraycopy(ids, at + 1, ids, at, behind);
    System.arraycopy(stages, at + 1, stages, at, behind);
    System.arraycopy(sources, at + 1, sources, at, behind);
    System.arraycopy(sentNanos, at + 1, sentNanos, at, behind);
    sources[--size] = null;
  }

  /** Goes through all, in the order in which they were sent. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.visit(ids[i], stages[i], sources[i]);
    }
  }

  /** Tells whether nothing of it can be had again. */
  boolean isIdle() {
    for (int i = 0; i < size; i++) {
      if (sources[i] != null) {
        return false;
      }
    }
    return true;
  }

  /** The first record of a shard of which something is in flight; null if there is none. */
  @Nullable JournalPosition oldest(int shard) {
    @Nullable JournalPosition oldest = null;
    for (int i = 0; i < size; i++) {
      var source = sources[i];
      if (source != null && source.shard() == shard) {
        oldest = older(oldest, source.position());
      }
    }
    return oldest;
  }

  static JournalPosition older(@Nullable JournalPosition one, JournalPosition other) {
    return one == null || other.compareTo(one) < 0 ? other : one;
  }

  private int indexOf(int packetId) {
    for (int i = 0; i < size; i++) {
      if (ids[i] == packetId) {
        return i;
      }
    }
    return -1;
  }
}
