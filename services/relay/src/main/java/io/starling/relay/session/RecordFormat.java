package io.starling.relay.session;

import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Discard;
import io.starling.relay.session.SessionRecord.Expire;
import io.starling.relay.session.SessionRecord.Expired;
import io.starling.relay.session.SessionRecord.Note;
import io.starling.relay.session.SessionRecord.Subscribe;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Records as they stand in the log: a byte for the version, one for the kind, the fields in order.
 * A replica that does not understand a record cannot go on without coming to another state than the
 * others: it fails, and says so.
 */
final class RecordFormat {
  private static final int VERSION = 1;

  /** Its notes say more; written only where they do, so that older code reads all others. */
  private static final int VERSION_OF_LONG_NOTES = 2;

  private static final int ATTACH = 1;
  private static final int SUBSCRIBE = 2;
  private static final int NOTE = 3;
  private static final int DISCARD = 4;
  private static final int EXPIRE = 5;

  private RecordFormat() {}

  static Buffer encode(SessionRecord record) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(isLong(record) ? VERSION_OF_LONG_NOTES : VERSION);
      write(out, record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static boolean isLong(SessionRecord record) {
    return record instanceof Note note && note.notes().stream().anyMatch(SessionNote::saysMore);
  }

  private static void write(DataOutput out, SessionRecord record) throws IOException {
    switch (record) {
      case Attach attach -> {
        out.writeByte(ATTACH);
        write(out, attach);
      }
      case Subscribe(var key, long epoch, var subscriptions, var positions) -> {
        out.writeByte(SUBSCRIBE);
        out.writeUTF(key);
        out.writeLong(epoch);
        Values.writeAll(out, subscriptions, Values::write);
        Values.writeAll(out, positions, Values::write);
      }
      case Note(var gateway, var positions, var notes, long atMillis) -> {
        out.writeByte(NOTE);
        out.writeUTF(gateway);
        Values.writeAll(out, positions, Values::write);
        Values.writeAll(out, notes, isLong(record) ? RecordFormat::writeLong : RecordFormat::write);
        out.writeLong(atMillis);
      }
      case Discard(var key, long belowEpoch) -> {
        out.writeByte(DISCARD);
        out.writeUTF(key);
        out.writeLong(belowEpoch);
      }
      case Expire(long silentSinceMillis, var sessions) -> {
        out.writeByte(EXPIRE);
        out.writeLong(silentSinceMillis);
        Values.writeAll(out, sessions, RecordFormat::write);
      }
    }
  }

  private static void write(DataOutput out, Attach attach) throws IOException {
    out.writeUTF(attach.key());
    Values.write(out, attach.account());
    out.writeLong(attach.epoch());
    out.writeUTF(attach.gateway());
    out.writeBoolean(attach.cleanStart());
    out.writeLong(attach.expirySeconds());
    out.writeLong(attach.atMillis());
  }

  private static void write(DataOutput out, SessionNote note) throws IOException {
    out.writeUTF(note.key());
    out.writeLong(note.epoch());
    Values.write(out, note.state());
    Values.writeAll(out, note.positions(), Values::write);
  }

  private static void writeLong(DataOutput out, SessionNote note) throws IOException {
    write(out, note);
    out.writeLong(note.expirySeconds());
    Values.write(out, note.underWay());
  }

  private static void write(DataOutput out, Expired expired) throws IOException {
    out.writeUTF(expired.key());
    out.writeLong(expired.epoch());
  }

  /**
   * Reads a record.
   *
   * @throws IllegalStateException if it is of a version or kind that this code does not know
   */
  static SessionRecord decode(Buffer bytes) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes.getBytes()))) {
      int version = in.readUnsignedByte();
      if (version != VERSION && version != VERSION_OF_LONG_NOTES) {
        throw new IllegalStateException(
            "a record of version " + version + " in the log of sessions: written by newer code?");
      }
      return read(in, in.readUnsignedByte(), version == VERSION_OF_LONG_NOTES);
    } catch (IOException e) {
      throw new UncheckedIOException("a record in the log of sessions is damaged", e);
    }
  }

  private static SessionRecord read(DataInput in, int kind, boolean longNotes) throws IOException {
    return switch (kind) {
      case ATTACH ->
          new Attach(
              in.readUTF(),
              Values.account(in),
              in.readLong(),
              in.readUTF(),
              in.readBoolean(),
              in.readLong(),
              in.readLong());
      case SUBSCRIBE ->
          new Subscribe(
              in.readUTF(),
              in.readLong(),
              Values.readAll(in, Values::subscription),
              Values.readAll(in, Values::position));
      case NOTE ->
          new Note(
              in.readUTF(),
              Values.readAll(in, Values::position),
              Values.readAll(in, longNotes ? RecordFormat::longNote : RecordFormat::note),
              in.readLong());
      case DISCARD -> new Discard(in.readUTF(), in.readLong());
      case EXPIRE -> new Expire(in.readLong(), Values.readAll(in, RecordFormat::expired));
      default ->
          throw new IllegalStateException(
              "a record of kind " + kind + " in the log of sessions: written by newer code?");
    };
  }

  private static SessionNote note(DataInput in) throws IOException {
    return new SessionNote(
        in.readUTF(), in.readLong(), Values.state(in), Values.readAll(in, Values::position));
  }

  private static SessionNote longNote(DataInput in) throws IOException {
    var note = note(in);
    return new SessionNote(
        note.key(), note.epoch(), note.state(), note.positions(), in.readLong(), Values.bytes(in));
  }

  private static Expired expired(DataInput in) throws IOException {
    return new Expired(in.readUTF(), in.readLong());
  }
}
