package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.contract.SessionsRequest.Will;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param will of its connection; null if it has none, or if that is over
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
    Buffer underWay,
    @Nullable Will will) {
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
        NOTHING,
        attach.will());
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
        state == State.LEFT ? underWay : NOTHING,
        attach.will());
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
        underWay,
        will);
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
        note.underWay(),
        note.state() == State.LEFT ? null : will);
  }

  /** This session when its will is published or discarded. */
  KeptSession withoutWill() {
    return new KeptSession(
        account,
        epoch,
        gateway,
        expirySeconds,
        state,
        present,
        positions,
        leftAtMillis,
        subscriptions,
        underWay,
        null);
  }

  /**
   * When a will is to be published whose connection is over since a time: after its delay, or when
   * the session ends if that is before (MQTT 5, section 3.1.3.2.2).
   */
  static long willDueAt(Will will, long expirySeconds, long overSinceMillis) {
    return overSinceMillis + Math.min(will.delaySeconds(), expirySeconds) * 1_000;
  }

  /** Whether some gateway has its connection, as far as is known. */
  boolean isAttached() {
    return state != State.LEFT;
  }

  /** Whether it has left for longer than it is kept, and nobody has looked yet. */
  boolean hasExpired(long nowMillis) {
    return !isAttached() && leftAtMillis + expirySeconds * 1_000 <= nowMillis;
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
    out.writeBoolean(will != null);
    if (will != null) {
      Values.write(out, will);
    }
  }

  /**
   * Reads one of a snapshot.
   *
   * @param version of the snapshot
   */
  static KeptSession readFrom(DataInput in, int version) throws IOException {
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
        version < SessionState.WITH_PACKETS_UNDER_WAY ? NOTHING : Values.bytes(in),
        version >= SessionState.WITH_WILLS && in.readBoolean() ? Values.will(in) : null);
  }
}
