package io.starling.relay.session;

import static io.starling.relay.session.SessionFixture.at;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.State;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.relay.session.SessionRecord.Attach;
import io.starling.relay.session.SessionRecord.Discard;
import io.starling.relay.session.SessionRecord.Expire;
import io.starling.relay.session.SessionRecord.Note;
import io.starling.relay.session.SessionRecord.Subscribe;
import io.starling.relay.session.SessionRecord.Supersede;
import io.starling.relay.session.SessionRecord.WillSent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions in two shards, as simple as it gets: every note moves every session; no counts. */
final class SessionModel {
  final Map<String, Modelled> sessions = new HashMap<>();
  final Map<String, List<JournalPosition>> positions = new HashMap<>();
  final Map<String, Long> heard = new HashMap<>();

  void apply(SessionRecord record) {
    switch (record) {
      case Attach attach -> attach(attach);
      case Subscribe all ->
          sessions.computeIfPresent(
              all.key(),
              (key, session) ->
                  session.epoch == all.epoch() && session.state != State.LEFT
                      ? session.subscribes(all)
                      : session);
      case Note note -> note(note);
      case Discard discard ->
          sessions.computeIfPresent(
              discard.key(),
              (key, session) -> session.epoch < discard.belowEpoch() ? null : session);
      case Expire expire -> expire(expire);
      case Supersede _, WillSent _ -> {} // without wills
    }
  }

  private void attach(Attach attach) {
    var known = sessions.get(attach.key());
    if (known != null && known.epoch >= attach.epoch()) {
      return;
    }
    var found =
        known == null
                || attach.cleanStart()
                || !known.account.equals(attach.account())
                || (known.state == State.LEFT
                    && known.leftAtMillis + known.expirySeconds * 1_000 <= attach.atMillis())
            ? null
            : known;
    heard.put(attach.gateway(), attach.atMillis());
    sessions.put(
        attach.key(),
        new Modelled(
            attach.account(),
            attach.epoch(),
            attach.gateway(),
            attach.expirySeconds(),
            State.BEHIND,
            found != null,
            found == null ? 0 : found.first,
            found == null ? 0 : found.second,
            0,
            found == null ? List.of() : found.subscriptions));
  }

  private void note(Note note) {
    for (var each : note.notes()) {
      sessions.computeIfPresent(
          each.key(),
          (key, session) ->
              session.epoch == each.epoch()
                      && session.gateway.equals(note.gateway())
                      && session.state != State.LEFT
                  ? noted(session, each, note.atMillis())
                  : session);
    }
    heard.put(note.gateway(), note.atMillis());
    positions.merge(
        note.gateway(),
        note.positions(),
        (one, other) ->
            at(Math.max(index(one, 0), index(other, 0)), Math.max(index(one, 1), index(other, 1))));
    sessions.replaceAll(
        (key, session) ->
            session.state == State.LIVE && session.gateway.equals(note.gateway())
                ? session.stands(State.LIVE, 0, positions.getOrDefault(note.gateway(), List.of()))
                : session);
  }

  private static @Nullable Modelled noted(Modelled session, SessionNote note, long atMillis) {
    return switch (note.state()) {
      case LIVE -> session.stands(State.LIVE, 0, List.of());
      case BEHIND -> session.stands(State.BEHIND, 0, note.positions());
      case LEFT ->
          session.expirySeconds == 0
              ? null
              : session.stands(State.LEFT, atMillis, note.positions());
      case ENDED -> null;
    };
  }

  private void expire(Expire expire) {
    for (var each : expire.sessions()) {
      sessions.computeIfPresent(
          each.key(),
          (key, session) ->
              session.epoch == each.epoch()
                      && (session.state == State.LEFT
                          || heard.getOrDefault(session.gateway, 0L) <= expire.silentSinceMillis())
                  ? null
                  : session);
    }
    heard
        .entrySet()
        .removeIf(
            each ->
                each.getValue() <= expire.silentSinceMillis()
                    && sessions.values().stream()
                        .noneMatch(
                            session ->
                                session.state != State.LEFT
                                    && session.gateway.equals(each.getKey())));
    positions.keySet().retainAll(heard.keySet());
  }

  record Modelled(
      AccountId account,
      long epoch,
      String gateway,
      long expirySeconds,
      State state,
      boolean present,
      long first,
      long second,
      long leftAtMillis,
      List<StoredSubscription> subscriptions) {

    Modelled stands(State next, long leftAt, List<JournalPosition> positions) {
      return new Modelled(
          account,
          epoch,
          gateway,
          expirySeconds,
          next,
          present,
          Math.max(first, index(positions, 0)),
          Math.max(second, index(positions, 1)),
          leftAt,
          subscriptions);
    }

    Modelled subscribes(Subscribe all) {
      var moved = stands(state, leftAtMillis, all.positions());
      return new Modelled(
          account,
          epoch,
          gateway,
          expirySeconds,
          state,
          present,
          moved.first,
          moved.second,
          leftAtMillis,
          all.subscriptions());
    }
  }

  static long index(List<JournalPosition> positions, int shard) {
    return shard < positions.size() ? positions.get(shard).index() : 0;
  }
}
