package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.journal.LogState;
import io.starling.journal.Position;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All persistent sessions of the region, and how far their gateways are. Applied on the log's
 * thread, read from any.
 *
 * <p>A session that keeps up stands where its gateway stands: that costs the log one record for all
 * of them. Where one stands is written down when it stops doing so, or moves. A record of an older
 * epoch, or of a session that was moved or left, changes nothing; so does one that is repeated.
 */
final class SessionState implements LogState {
  private static final int SNAPSHOT_VERSION = 2;

  /** Of sessions without packets under way. */
  private static final int OLD_SNAPSHOT_VERSION = 1;

  private final Map<String, KeptSession> sessions = new ConcurrentHashMap<>();
  private final Map<String, GatewayMark> gateways = new ConcurrentHashMap<>();
  private final Map<AccountId, Integer> ofAccount = new ConcurrentHashMap<>();

  /** Finds a session. */
  @Nullable KeptSession find(String key) {
    return sessions.get(key);
  }

  /** Where a session stands, by its number of the shard. */
  List<JournalPosition> standing(KeptSession session) {
    var gateway = gateways.get(session.gateway());
    return session.state() != State.LIVE || gateway == null
        ? session.positions()
        : Positions.later(session.positions(), gateway.positions());
  }

  /** How many sessions are kept. */
  int size() {
    return sessions.size();
  }

  /** How many sessions are kept for an account. */
  int size(AccountId account) {
    return ofAccount.getOrDefault(account, 0);
  }

  /** The sessions by their keys, as they change. */
  Map<String, KeptSession> sessions() {
    return Collections.unmodifiableMap(sessions);
  }

  /** The gateways by their names, as they change. */
  Map<String, GatewayMark> gateways() {
    return Collections.unmodifiableMap(gateways);
  }

  @Override
  public void apply(Position position, Buffer payload) {
    switch (RecordFormat.decode(payload)) {
      case SessionRecord.Attach attach -> attach(attach);
      case SessionRecord.Subscribe subscribe -> subscribe(subscribe);
      case SessionRecord.Note note -> note(note);
      case SessionRecord.Discard discard -> discard(discard);
      case SessionRecord.Expire expire -> expire(expire);
    }
  }

  private void attach(SessionRecord.Attach attach) {
    var known = sessions.get(attach.key());
    if (known != null && attach.epoch() <= known.epoch()) {
      return; // a later connection has it; or this is the same request again
    }
    String gateway = heard(attach.gateway(), List.of(), attach.atMillis()).name();
    replace(attach.key(), known, attached(attach, gateway, known));
  }

  private KeptSession attached(
      SessionRecord.Attach attach, String gateway, @Nullable KeptSession known) {
    if (known == null || attach.cleanStart() || !known.account().equals(attach.account())) {
      return KeptSession.begin(attach, gateway); // given to another account: none of it goes along
    }
    return known.move(attach, gateway, standing(known));
  }

  private void subscribe(SessionRecord.Subscribe subscribe) {
    var known = sessions.get(subscribe.key());
    if (known != null && known.isAttachedIn(subscribe.epoch())) {
      replace(
          subscribe.key(),
          known,
          known.subscribe(subscribe.subscriptions(), subscribe.positions()));
    }
  }

  private void note(SessionRecord.Note note) {
    // Before the gateway's own positions move on: who stopped to keep up does not stand there.
    for (var each : note.notes()) {
      var known = sessions.get(each.key());
      if (known != null
          && known.isAttachedIn(each.epoch())
          && known.gateway().equals(note.gateway())) {
        replace(each.key(), known, after(known, each, note.atMillis()));
      }
    }
    var _ = heard(note.gateway(), note.positions(), note.atMillis());
  }

  private @Nullable KeptSession after(KeptSession known, SessionNote note, long atMillis) {
    return switch (note.state()) {
      case LIVE -> known.become(note, known.positions(), 0);
      case BEHIND -> known.become(note, Positions.later(standing(known), note.positions()), 0);
      case LEFT -> {
        var left = known.become(note, Positions.later(standing(known), note.positions()), atMillis);
        yield left.expirySeconds() == 0 ? null : left;
      }
      case ENDED -> null;
    };
  }

  private void discard(SessionRecord.Discard discard) {
    var known = sessions.get(discard.key());
    if (known != null && known.epoch() < discard.belowEpoch()) {
      replace(discard.key(), known, null);
    }
  }

  private void expire(SessionRecord.Expire expire) {
    for (var expired : expire.sessions()) {
      var known = sessions.get(expired.key());
      if (known != null
          && known.epoch() == expired.epoch()
          && (!known.isAttached() || heardAt(known) <= expire.silentSinceMillis())) {
        replace(expired.key(), known, null);
      }
    }
    gateways.values().removeIf(gateway -> gateway.isOver(expire.silentSinceMillis()));
  }

  /** When the gateway of a session was last heard of. */
  long heardAt(KeptSession session) {
    var gateway = gateways.get(session.gateway());
    return gateway == null ? 0 : gateway.heardAtMillis();
  }

  private GatewayMark heard(String name, List<JournalPosition> positions, long atMillis) {
    var known = gateways.get(name);
    var heard = (known == null ? GatewayMark.of(name) : known).heard(positions, atMillis);
    gateways.put(heard.name(), heard);
    return heard;
  }

  private void replace(String key, @Nullable KeptSession before, @Nullable KeptSession after) {
    if (before != null) {
      count(before, -1);
    }
    if (after == null) {
      sessions.remove(key);
    } else {
      sessions.put(key, after);
      count(after, 1);
    }
  }

  private void count(KeptSession session, int more) {
    ofAccount.merge(session.account(), more, SessionState::sumOrNothing);
    if (session.isAttached()) {
      gateways.computeIfPresent(session.gateway(), (name, gateway) -> gateway.changedBy(more));
    }
  }

  private static @Nullable Integer sumOrNothing(Integer known, Integer more) {
    return known + more == 0 ? null : known + more;
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(SNAPSHOT_VERSION);
    out.writeInt(gateways.size());
    for (var gateway : gateways.values()) {
      out.writeUTF(gateway.name());
      Values.writeAll(out, gateway.positions(), Values::write);
      out.writeLong(gateway.heardAtMillis());
    }
    out.writeInt(sessions.size());
    for (var session : sessions.entrySet()) {
      out.writeUTF(session.getKey());
      session.getValue().writeTo(out);
    }
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version != SNAPSHOT_VERSION && version != OLD_SNAPSHOT_VERSION) {
      throw new IOException("sessions of version " + version + ": written by newer code?");
    }
    sessions.clear();
    gateways.clear();
    ofAccount.clear();
    for (int left = in.readInt(); left > 0; left--) {
      var _ = heard(in.readUTF(), Values.readAll(in, Values::position), in.readLong());
    }
    for (int left = in.readInt(); left > 0; left--) {
      replace(in.readUTF(), null, KeptSession.readFrom(in, version == OLD_SNAPSHOT_VERSION));
    }
  }
}
