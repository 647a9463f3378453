package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
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
    List<StoredSubscription> subscriptions) {

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
        List.of());
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
        subscriptions);
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
        all);
  }

  KeptSession become(State next, List<JournalPosition> standing, long nextLeftAtMillis) {
    return new KeptSession(
        account,
        epoch,
        gateway,
        expirySeconds,
        next,
        present,
        standing,
        nextLeftAtMillis,
        subscriptions);
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
  }

  static KeptSession readFrom(DataInput in) throws IOException {
    return new KeptSession(
        Values.account(in),
        in.readLong(),
        in.readUTF(),
        in.readLong(),
        Values.state(in),
        in.readBoolean(),
        Values.readAll(in, Values::position),
        in.readLong(),
        Values.readAll(in, Values::subscription));
  }
}
