package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.contract.SessionsRequest.Will;
import io.starling.contract.SessionsRequest.WillFate;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The values that records and snapshots are made of, as bytes. */
final class Values {
  private static final int QOS = 0x03;
  private static final int HAS_IDENTIFIER = 0x08;
  private static final int NO_LOCAL = 0x10;
  private static final int RETAIN_AS_PUBLISHED = 0x20;
  private static final int RETAIN_HANDLING_SHIFT = 6;

  private Values() {}

  interface Writer<T> {
    void write(DataOutput out, T value) throws IOException;
  }

  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  static <T> void writeAll(DataOutput out, List<T> values, Writer<T> writer) throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  static <T> List<T> readAll(DataInput in, Reader<T> reader) throws IOException {
    int count = in.readInt();
    List<T> values =
        new ArrayList<>(Math.min(count, 1_000)); // a count that is damaged costs little
    for (int left = count; left > 0; left--) {
      values.add(reader.read(in));
    }
    return List.copyOf(values);
  }

  static void write(DataOutput out, JournalPosition position) throws IOException {
    out.writeLong(position.index());
    out.writeInt(position.offset());
  }

  static JournalPosition position(DataInput in) throws IOException {
    return new JournalPosition(in.readLong(), in.readInt());
  }

  static void write(DataOutput out, StoredSubscription subscription) throws IOException {
    out.writeUTF(subscription.filter());
    boolean hasIdentifier = subscription.identifier() != 0;
    out.writeByte(
        subscription.qos()
            | (hasIdentifier ? HAS_IDENTIFIER : 0)
            | (subscription.noLocal() ? NO_LOCAL : 0)
            | (subscription.retainAsPublished() ? RETAIN_AS_PUBLISHED : 0)
            | (subscription.retainHandling() << RETAIN_HANDLING_SHIFT));
    if (hasIdentifier) {
      out.writeInt(subscription.identifier());
    }
  }

  static StoredSubscription subscription(DataInput in) throws IOException {
    String filter = in.readUTF();
    int options = in.readUnsignedByte();
    return new StoredSubscription(
        filter,
        options & QOS,
        (options & NO_LOCAL) != 0,
        (options & RETAIN_AS_PUBLISHED) != 0,
        options >> RETAIN_HANDLING_SHIFT,
        (options & HAS_IDENTIFIER) == 0 ? 0 : in.readInt());
  }

  static void write(DataOutput out, Buffer bytes) throws IOException {
    out.writeShort(bytes.length());
    out.write(bytes.getBytes());
  }

  /** At most 65,535 of them. */
  static Buffer bytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readUnsignedShort()];
    in.readFully(bytes);
    return Buffer.buffer(bytes);
  }

  static void write(DataOutput out, Will will) throws IOException {
    out.writeInt(will.shard());
    out.writeInt(will.keepAliveSeconds());
    out.writeLong(will.delaySeconds());
    out.writeInt(will.event().length());
    out.write(will.event().getBytes());
  }

  static Will will(DataInput in) throws IOException {
    int shard = in.readInt();
    int keepAliveSeconds = in.readInt();
    long delaySeconds = in.readLong();
    int length = in.readInt();
    if (length < 0 || length > SessionLimits.MAX_WILL_BYTES) {
      throw new IOException("a will of " + length + " bytes");
    }
    byte[] event = new byte[length];
    in.readFully(event);
    return new Will(shard, keepAliveSeconds, delaySeconds, Buffer.buffer(event));
  }

  static void write(DataOutput out, WillFate fate) throws IOException {
    out.writeByte(
        switch (fate) {
          case NONE -> 0;
          case DUE -> 1;
          case DEFERRED -> 2;
        });
  }

  static WillFate fate(DataInput in) throws IOException {
    int code = in.readUnsignedByte();
    return switch (code) {
      case 0 -> WillFate.NONE;
      case 1 -> WillFate.DUE;
      case 2 -> WillFate.DEFERRED;
      default -> throw new IOException("a will's fate " + code + ": written by newer code?");
    };
  }

  static void write(DataOutput out, AccountId account) throws IOException {
    out.writeLong(account.high());
    out.writeInt(account.low());
  }

  static AccountId account(DataInput in) throws IOException {
    return new AccountId(in.readLong(), in.readInt());
  }

  static void write(DataOutput out, State state) throws IOException {
    out.writeByte(
        switch (state) {
          case LIVE -> 1;
          case BEHIND -> 2;
          case LEFT -> 3;
          case ENDED -> 4;
        });
  }

  static State state(DataInput in) throws IOException {
    int code = in.readUnsignedByte();
    return switch (code) {
      case 1 -> State.LIVE;
      case 2 -> State.BEHIND;
      case 3 -> State.LEFT;
      case 4 -> State.ENDED;
      default -> throw new IOException("a session's state " + code + ": written by newer code?");
    };
  }
}
