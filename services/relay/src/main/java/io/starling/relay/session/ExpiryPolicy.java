package io.starling.relay.session;

import io.starling.contract.SessionsRequest.Will;
import io.starling.relay.session.SessionRecord.Expire;
import io.starling.relay.session.SessionRecord.Expired;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions are over. One that has left: when its expiry has run out. One whose gateway is
 * silent counts as left since that was last heard of.
 *
 * <p>Whoever looks at silence must have listened: a leader that is new, or was frozen, or whose
 * clock jumped, gives all gateways their time again first. And no look ends more than a thousand
 * sessions, so that somebody can notice a clock that is wrong.
 */
final class ExpiryPolicy {
  /** Gateways tell every few seconds. */
  static final long SILENT_MILLIS = 60_000;

  static final int MAX_AT_ONCE = 1_000;

  /**
   * A few milliseconds of the event loop, on which events wait: with more sessions the next look
   * goes on from there, and the last one is seen after 100 s. An entry that has changed since it
   * was read does no harm: the record is checked against the state again.
   */
  private static final int MAX_LOOKED_AT = 20_000;

  /** Between two looks, of which there is one every ten seconds. */
  private static final long PAUSE_MILLIS = 30_000;

  private long term = -1;
  private long lastMillis;
  private long judgesFromMillis;
  private Iterator<Map.Entry<String, KeptSession>> place = Collections.emptyIterator();

  /**
   * Looks.
   *
   * @param leading the term in which this node leads
   * @return null if nothing is over
   */
  @Nullable Expire look(long leading, long nowMillis, SessionState state) {
    long since = nowMillis - lastMillis;
    if (leading != term || since < 0 || since > PAUSE_MILLIS) {
      term = leading;
      judgesFromMillis = nowMillis + SILENT_MILLIS;
    }
    lastMillis = nowMillis;
    long silentSince = nowMillis - SILENT_MILLIS;
    boolean judges = nowMillis >= judgesFromMillis;
    List<Expired> over = new ArrayList<>();
    List<Expired> wills = new ArrayList<>();
    look(judges, nowMillis, state, over, wills);
    boolean gatewayOver =
        state.gateways().values().stream().anyMatch(gateway -> gateway.isOver(silentSince));
    return over.isEmpty() && wills.isEmpty() && !gatewayOver
        ? null
        : new Expire(silentSince, List.copyOf(over), List.copyOf(wills));
  }

  private void look(
      boolean judges, long nowMillis, SessionState state, List<Expired> over, List<Expired> wills) {
    if (!place.hasNext()) {
      place = state.sessions().entrySet().iterator();
    }
    int looked = 0;
    while (looked < MAX_LOOKED_AT && over.size() + wills.size() < MAX_AT_ONCE && place.hasNext()) {
      looked++;
      var entry = place.next();
      var session = entry.getValue();
      if (session.isAttached()
          ? judges && isOver(session, state.heardAt(session), nowMillis)
          : hasExpired(session, session.leftAtMillis(), nowMillis)) {
        over.add(new Expired(entry.getKey(), session.epoch()));
      } else if (judges
          && session.isAttached()
          && isWillDue(session, state.heardAt(session), nowMillis)) {
        wills.add(new Expired(entry.getKey(), session.epoch()));
      }
    }
  }

  /**
   * Its gateway would have missed the client by now, if it were there (MQTT 5, section 3.1.2.5).
   */
  private static boolean isWillDue(KeptSession session, long heardAtMillis, long nowMillis) {
    var will = session.will();
    return will != null
        && KeptSession.willDueAt(
                will, session.expirySeconds(), heardAtMillis + patienceMillis(will))
            <= nowMillis;
  }

  /** How long a client whose gateway is gone has to come to another one before its will is due. */
  static long patienceMillis(Will will) {
    return Math.max(SILENT_MILLIS, will.keepAliveSeconds() * 1_500L);
  }

  private static boolean isOver(KeptSession session, long heardAtMillis, long nowMillis) {
    return heardAtMillis <= nowMillis - SILENT_MILLIS
        && hasExpired(session, heardAtMillis, nowMillis);
  }

  private static boolean hasExpired(KeptSession session, long leftAtMillis, long nowMillis) {
    return leftAtMillis + session.expirySeconds() * 1_000 <= nowMillis;
  }
}
