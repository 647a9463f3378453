package io.starling.relay.session;

import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.WillFate;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Discard;
import io.starling.relay.session.SessionRecord.Expire;
import io.starling.relay.session.SessionRecord.Expired;
import io.starling.relay.session.SessionRecord.Note;
import io.starling.relay.session.SessionRecord.Subscribe;
import io.starling.relay.session.SessionRecord.Supersede;
import io.starling.relay.session.SessionRecord.WillSent;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Records as they stand in the log: a byte for the version, one for the kind, the fields in order.
 * A replica that does not understand a record cannot go on without coming to another state than the
 * others: it fails, and says so.
 */
final class RecordFormat {
  private static final int VERSION = 1;

  /** Its notes say more; written only where they do, so that older code reads all others. */
  private static final int VERSION_OF_LONG_NOTES = 2;

  /** It says something of wills. */
  private static final int VERSION_OF_WILLS = 3;

  private static final int ATTACH = 1;
  private static final int SUBSCRIBE = 2;
  private static final int NOTE = 3;
  private static final int DISCARD = 4;
  private static final int EXPIRE = 5;
  private static final int SUPERSEDE = 6;
  private static final int WILL_SENT = 7;

  private RecordFormat() {}

  static Buffer encode(SessionRecord record) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      int version = version(record);
      out.writeByte(version);
      write(out, record, version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static int version(SessionRecord record) {
    return switch (record) {
      case Attach attach when attach.will() != null -> VERSION_OF_WILLS;
      case Note note when note.notes().stream().anyMatch(RecordFormat::hasWill) -> VERSION_OF_WILLS;
      case Note note when note.notes().stream().anyMatch(SessionNote::saysMore) ->
          VERSION_OF_LONG_NOTES;
      case Expire expire when !expire.wills().isEmpty() -> VERSION_OF_WILLS;
      case Supersede _, WillSent _ -> VERSION_OF_WILLS;
      default -> VERSION;
    };
  }

  private static boolean hasWill(SessionNote note) {
    return note.will() != WillFate.NONE;
  }

  private static void write(DataOutput out, SessionRecord record, int version) throws IOException {
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
        Values.writeAll(out, notes, (to, note) -> write(to, note, version));
        out.writeLong(atMillis);
      }
      case Discard(var key, long belowEpoch) -> {
        out.writeByte(DISCARD);
        out.writeUTF(key);
        out.writeLong(belowEpoch);
      }
      case Expire(long silentSinceMillis, var sessions, var wills) -> {
        out.writeByte(EXPIRE);
        out.writeLong(silentSinceMillis);
        Values.writeAll(out, sessions, RecordFormat::write);
        if (version == VERSION_OF_WILLS) {
          Values.writeAll(out, wills, RecordFormat::write);
        }
      }
      case Supersede(var key, long belowEpoch, boolean cleanStart, long atMillis) -> {
        out.writeByte(SUPERSEDE);
        out.writeUTF(key);
        out.writeLong(belowEpoch);
        out.writeBoolean(cleanStart);
        out.writeLong(atMillis);
      }
      case WillSent(var key, long epoch) -> {
        out.writeByte(WILL_SENT);
        out.writeUTF(key);
        out.writeLong(epoch);
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
    if (attach.will() != null) {
      Values.write(out, attach.will());
    }
  }

  private static void write(DataOutput out, SessionNote note, int version) throws IOException {
    out.writeUTF(note.key());
    out.writeLong(note.epoch());
    Values.write(out, note.state());
    Values.writeAll(out, note.positions(), Values::write);
    if (version >= VERSION_OF_LONG_NOTES) {
      out.writeLong(note.expirySeconds());
      Values.write(out, note.underWay());
    }
    if (version >= VERSION_OF_WILLS) {
      Values.write(out, note.will());
    }
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
      if (version < VERSION || version > VERSION_OF_WILLS) {
        throw new IllegalStateException(
            "a record of version " + version + " in the log of sessions: written by newer code?");
      }
      return read(in, in.readUnsignedByte(), version);
    } catch (IOException e) {
      throw new UncheckedIOException("a record in the log of sessions is damaged", e);
    }
  }

  private static SessionRecord read(DataInput in, int kind, int version) throws IOException {
    return switch (kind) {
      case ATTACH ->
          new Attach(
              in.readUTF(),
              Values.account(in),
              in.readLong(),
              in.readUTF(),
              in.readBoolean(),
              in.readLong(),
              in.readLong(),
              version == VERSION_OF_WILLS ? Values.will(in) : null);
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
              Values.readAll(in, from -> note(from, version)),
              in.readLong());
      case DISCARD -> new Discard(in.readUTF(), in.readLong());
      case EXPIRE ->
          new Expire(
              in.readLong(),
              Values.readAll(in, RecordFormat::expired),
              version == VERSION_OF_WILLS ? Values.readAll(in, RecordFormat::expired) : List.of());
      case SUPERSEDE -> new Supersede(in.readUTF(), in.readLong(), in.readBoolean(), in.readLong());
      case WILL_SENT -> new WillSent(in.readUTF(), in.readLong());
      default ->
          throw new IllegalStateException(
              "a record of kind " + kind + " in the log of sessions: written by newer code?");
    };
  }

  private static SessionNote note(DataInput in, int version) throws IOException {
    boolean isLong = version >= VERSION_OF_LONG_NOTES;
    return new SessionNote(
        in.readUTF(),
        in.readLong(),
        Values.state(in),
        Values.readAll(in, Values::position),
        isLong ? in.readLong() : SessionNote.SAME_EXPIRY,
        isLong ? Values.bytes(in) : Buffer.buffer(),
        version >= VERSION_OF_WILLS ? Values.fate(in) : WillFate.NONE);
  }

  private static Expired expired(DataInput in) throws IOException {
    return new Expired(in.readUTF(), in.readLong());
  }
}
