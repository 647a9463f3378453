package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.journal.LogState;
import io.starling.journal.Position;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
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
  /** Versions of the snapshot, from 1. */
  static final int WITH_PACKETS_UNDER_WAY = 2;

  static final int WITH_WILLS = 3;

  private final Map<String, KeptSession> sessions = new ConcurrentHashMap<>();
  private final Map<String, GatewayMark> gateways = new ConcurrentHashMap<>();
  private final Map<AccountId, Integer> ofAccount = new ConcurrentHashMap<>();
  private final DueWills dueWills = new DueWills();
  private volatile long willBytes;

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

  /** The wills whose connections are over. */
  DueWills dueWills() {
    return dueWills;
  }

  /** What all wills take of the heap, about. */
  long willBytes() {
    return willBytes + dueWills.bytes();
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
      case SessionRecord.Supersede supersede ->
          supersede(
              supersede.key(),
              supersede.belowEpoch(),
              supersede.cleanStart(),
              supersede.atMillis());
      case SessionRecord.WillSent(var key, long epoch) -> dueWills.remove(key, epoch);
    }
  }

  private void attach(SessionRecord.Attach attach) {
    var known = sessions.get(attach.key());
    if (known != null && attach.epoch() <= known.epoch()) {
      return; // a later connection has it; or this is the same request again
    }
    supersede(attach.key(), attach.epoch(), attach.cleanStart(), attach.atMillis());
    known = sessions.get(attach.key());
    String gateway = heard(attach.gateway(), List.of(), attach.atMillis()).name();
    replace(attach.key(), known, attached(attach, gateway, known));
  }

  /**
   * Sets free what a later connection calls for: the will of one that nobody saw end, unless it has
   * a delay and the session goes on; and those that wait (MQTT 5, section 3.1.4).
   */
  private void supersede(String key, long belowEpoch, boolean cleanStart, long atMillis) {
    var known = sessions.get(key);
    if (known != null && known.will() != null && known.epoch() < belowEpoch) {
      if (cleanStart || known.will().delaySeconds() == 0) {
        publishWill(key, known, 0);
      }
      replace(key, known, known.withoutWill());
    }
    dueWills.supersede(key, belowEpoch, cleanStart, atMillis);
  }

  /** Its connection is over: its will is due at this time. */
  private void publishWill(String key, KeptSession session, long dueAtMillis) {
    if (session.will() != null) {
      dueWills.add(new DueWill(key, session.epoch(), dueAtMillis, session.will()));
    }
  }

  private KeptSession attached(
      SessionRecord.Attach attach, String gateway, @Nullable KeptSession known) {
    if (known == null
        || attach.cleanStart()
        || known.hasExpired(attach.atMillis())
        || !known.account().equals(attach.account())) {
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
        var after = after(known, each, note.atMillis());
        replace(each.key(), known, after);
        settleWill(known, after, each, note.atMillis());
      }
    }
    var _ = heard(note.gateway(), note.positions(), note.atMillis());
  }

  private void settleWill(
      KeptSession known, @Nullable KeptSession after, SessionNote note, long atMillis) {
    var will = known.will();
    if (will == null) {
      return;
    }
    long expirySeconds = after == null ? 0 : after.expirySeconds();
    switch (note.will()) {
      case DUE ->
          publishWill(note.key(), known, KeptSession.willDueAt(will, expirySeconds, atMillis));
      case DEFERRED -> {
        long missedAt = atMillis + ExpiryPolicy.patienceMillis(will);
        publishWill(note.key(), known, KeptSession.willDueAt(will, expirySeconds, missedAt));
      }
      case NONE -> {}
    }
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
      publishWill(discard.key(), known, 0);
      replace(discard.key(), known, null);
    }
    dueWills.supersede(discard.key(), discard.belowEpoch(), true, 0);
  }

  private void expire(SessionRecord.Expire expire) {
    for (var expired : expire.sessions()) {
      var known = sessions.get(expired.key());
      if (known != null
          && known.epoch() == expired.epoch()
          && (!known.isAttached() || heardAt(known) <= expire.silentSinceMillis())) {
        publishWill(expired.key(), known, 0);
        replace(expired.key(), known, null);
      }
    }
    for (var silent : expire.wills()) {
      var known = sessions.get(silent.key());
      if (known != null
          && known.isAttachedIn(silent.epoch())
          && heardAt(known) <= expire.silentSinceMillis()) {
        publishWill(silent.key(), known, 0);
        replace(silent.key(), known, known.withoutWill());
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

  @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread
  private void count(KeptSession session, int more) {
    ofAccount.merge(session.account(), more, SessionState::sumOrNothing);
    if (session.will() != null) {
      willBytes += (long) more * session.will().event().length();
    }
    if (session.isAttached()) {
      gateways.computeIfPresent(session.gateway(), (name, gateway) -> gateway.changedBy(more));
    }
  }

  private static @Nullable Integer sumOrNothing(Integer known, Integer more) {
    return known + more == 0 ? null : known + more;
  }

  @Override
  public Copy copy() {
    var gatewaysNow = List.copyOf(gateways.values());
    var sessionsNow = new HashMap<>(sessions);
    var willsNow = dueWills.all();
    return out -> {
      out.writeInt(WITH_WILLS);
      out.writeInt(gatewaysNow.size());
      for (var gateway : gatewaysNow) {
        out.writeUTF(gateway.name());
        Values.writeAll(out, gateway.positions(), Values::write);
        out.writeLong(gateway.heardAtMillis());
      }
      out.writeInt(sessionsNow.size());
      for (var session : sessionsNow.entrySet()) {
        out.writeUTF(session.getKey());
        session.getValue().writeTo(out);
      }
      Values.writeAll(out, willsNow, (to, will) -> will.writeTo(to));
    };
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    int version = in.readInt();
    if (version < 1 || version > WITH_WILLS) {
      throw new IOException("sessions of version " + version + ": written by newer code?");
    }
    sessions.clear();
    gateways.clear();
    ofAccount.clear();
    dueWills.clear();
    willBytes = 0;
    for (int left = in.readInt(); left > 0; left--) {
      var _ = heard(in.readUTF(), Values.readAll(in, Values::position), in.readLong());
    }
    for (int left = in.readInt(); left > 0; left--) {
      replace(in.readUTF(), null, KeptSession.readFrom(in, version));
    }
    if (version >= WITH_WILLS) {
      dueWills.readFrom(in);
    }
  }
}
