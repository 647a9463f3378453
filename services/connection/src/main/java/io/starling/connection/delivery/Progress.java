package io.starling.connection.delivery;

import io.starling.connection.delivery.InFlight.Stage;
import io.starling.contract.JournalPosition;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a kept session's messages have come on their way to its client, for its next connection.
 *
 * @param sent what the client has not finished with, in the order in which it was sent
 * @param next of each shard what it was to be sent next; of one that is missing nothing was sent
 */
public record Progress(List<Sent> sent, List<Next> next) {
  private static final int SENT_BYTES = 3;
  private static final int SOURCE_BYTES = 17;
  private static final int NEXT_BYTES = 15;

  /**
   * A packet id in use.
   *
   * @param source null if the client has the message, and PUBCOMP is awaited
   */
  record Sent(int packetId, Stage stage, @Nullable Source source) {}

  /**
   * Where a session is in a shard.
   *
   * @param ordinal how many events of this record it was sent, of those that it wants
   */
  record Next(int shard, JournalPosition position, int ordinal) {
    boolean isBehind(Place place, int thatOrdinal) {
      int order = place.position().compareTo(position);
      return order < 0 || (order == 0 && thatOrdinal < ordinal);
    }
  }

  /** Nothing was sent. */
  public static Progress none() {
    return new Progress(List.of(), List.of());
  }

  /** Tells whether nothing is open. */
  public boolean isEmpty() {
    return sent.isEmpty();
  }

  /** Appends it to others. */
  public void writeTo(Buffer out) {
    out.appendUnsignedShort(sent.size());
    for (var one : sent) {
      out.appendUnsignedShort(one.packetId()).appendByte((byte) one.stage().code());
      var source = one.source();
      if (source != null) {
        write(source.shard(), source.position(), out);
        out.appendInt(source.mark());
      }
    }
    out.appendUnsignedShort(next.size());
    for (var one : next) {
      write(one.shard(), one.position(), out);
      out.appendUnsignedShort(one.ordinal());
    }
  }

  private static void write(int shard, JournalPosition position, Buffer out) {
    out.appendUnsignedByte((short) shard).appendLong(position.index()).appendInt(position.offset());
  }

  /** Reads it where it was written. */
  public static Progress readFrom(Buffer in, int from) {
    int at = from + 2;
    var sent = new ArrayList<Sent>();
    for (int left = in.getUnsignedShort(from); left > 0; left--) {
      var stage = Stage.of(in.getByte(at + 2));
      boolean again = stage != Stage.PUBCOMP;
      sent.add(
          new Sent(in.getUnsignedShort(at), stage, again ? source(in, at + SENT_BYTES) : null));
      at += SENT_BYTES + (again ? SOURCE_BYTES : 0);
    }
    var next = new ArrayList<Next>();
    int count = in.getUnsignedShort(at);
    at += 2;
    for (int left = count; left > 0; left--) {
      next.add(new Next(in.getUnsignedByte(at), position(in, at), in.getUnsignedShort(at + 13)));
      at += NEXT_BYTES;
    }
    return new Progress(sent, next);
  }

  private static Source source(Buffer in, int at) {
    return new Source(in.getUnsignedByte(at), position(in, at), in.getInt(at + 13));
  }

  private static JournalPosition position(Buffer in, int at) {
    return new JournalPosition(in.getLong(at + 1), in.getInt(at + 9));
  }
}
