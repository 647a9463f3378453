package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/**
 * A session as the log keeps it.
 *
 * @param epoch of the connection that it belongs to, or belonged to last
 * @param gateway of that connection
 * @param expirySeconds how long it is kept after its connection
 * @param state never {@code ENDED}
 * @param present whether that connection found one to go on with
 * @param positions its own; while it is {@code LIVE}, where it stood when it became so
 * @param leftAtMillis when its connection was over; 0 before
 * @param underWay the packets that were under way when it left the last time, told to the
 *     connection that it came to then
 */
record KeptSession(
    AccountId account,
    long epoch,
    String gateway,
    long expirySeconds,
    State state,
    boolean present,
    List<JournalPosition> positions,
    long leftAtMillis,
    List<StoredSubscription> subscriptions,
    Buffer underWay) {
  private static final Buffer NOTHING = Buffer.buffer();

  /** A session that nothing is known of. */
  static KeptSession begin(SessionRecord.Attach attach, String gateway) {
    return new KeptSession(
        attach.account(),
        attach.epoch(),
        gateway,
        attach.expirySeconds(),
        State.BEHIND,
        false,
        List.of(),
        0,
        List.of(),
        NOTHING);
  }

  /** This session at another connection, standing here. */
  KeptSession move(SessionRecord.Attach attach, String to, List<JournalPosition> standing) {
    return new KeptSession(
        attach.account(),
        attach.epoch(),
        to,
        attach.expirySeconds(),
        State.BEHIND,
        true,
        standing,
        0,
        subscriptions,
        // Of a gateway that died nobody knows what the client has finished with since.
        state == State.LEFT ? underWay : NOTHING);
  }

  KeptSession subscribe(List<StoredSubscription> all, List<JournalPosition> standing) {
    return new KeptSession(
        account,
        epoch,
        gateway,
        expirySeconds,
        state,
        present,
        Positions.later(positions, standing),
        leftAtMillis,
        all,
        underWay);
  }

  /** This session as its gateway says that it is, standing here. */
  KeptSession become(SessionNote note, List<JournalPosition> standing, long nextLeftAtMillis) {
    return new KeptSession(
        account,
        epoch,
        gateway,
        note.expirySeconds() == SessionNote.SAME_EXPIRY ? expirySeconds : note.expirySeconds(),
        note.state(),
        present,
        standing,
        nextLeftAtMillis,
        subscriptions,
        note.underWay());
  }

  /** Whether some gateway has its connection, as far as is known. */
  boolean isAttached() {
    return state != State.LEFT;
  }

  /** Whether it is attached by this connection. */
  boolean isAttachedIn(long thatEpoch) {
    return isAttached() && epoch == thatEpoch;
  }

  void writeTo(DataOutput out) throws IOException {
    Values.write(out, account);
    out.writeLong(epoch);
    out.writeUTF(gateway);
    out.writeLong(expirySeconds);
    Values.write(out, state);
    out.writeBoolean(present);
    Values.writeAll(out, positions, Values::write);
    out.writeLong(leftAtMillis);
    Values.writeAll(out, subscriptions, Values::write);
    Values.write(out, underWay);
  }

  /**
   * Reads one of a snapshot.
   *
   * @param old whether it was written before sessions had packets under way
   */
  static KeptSession readFrom(DataInput in, boolean old) throws IOException {
    return new KeptSession(
        Values.account(in),
        in.readLong(),
        in.readUTF(),
        in.readLong(),
        Values.state(in),
        in.readBoolean(),
        Values.readAll(in, Values::position),
        in.readLong(),
        Values.readAll(in, Values::subscription),
        old ? NOTHING : Values.bytes(in));
  }
}
