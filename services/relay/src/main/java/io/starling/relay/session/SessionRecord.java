package io.starling.relay.session;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.SessionsRequest.SessionNote;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.contract.SessionsRequest.Will;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the log of sessions. Times are the leader's, noted when it took a request in, so
 * that all replicas apply the same.
 */
sealed interface SessionRecord {

  /** A gateway wants a session. */
  record Attach(
      String key,
      AccountId account,
      long epoch,
      String gateway,
      boolean cleanStart,
      long expirySeconds,
      long atMillis,
      @Nullable Will will)
      implements SessionRecord {}

  /**
   * Before a client is attached, or because it wants nothing kept: its earlier connections are over
   * as far as their wills are concerned.
   *
   * @param cleanStart whether the session of those connections ends as well
   */
  record Supersede(String key, long belowEpoch, boolean cleanStart, long atMillis)
      implements SessionRecord {}

  /** A will is in the journal. */
  record WillSent(String key, long epoch) implements SessionRecord {}

  /** All subscriptions of a session. */
  record Subscribe(
      String key,
      long epoch,
      List<StoredSubscription> subscriptions,
      List<JournalPosition> positions)
      implements SessionRecord {}

  /** How far a gateway is, and what has become of some of its sessions. */
  record Note(
      String gateway, List<JournalPosition> positions, List<SessionNote> notes, long atMillis)
      implements SessionRecord {}

  /** A session below an epoch is over. */
  record Discard(String key, long belowEpoch) implements SessionRecord {}

  /**
   * These sessions are over if they have left, or if their gateway has not been heard of since; and
   * gateways that have no session and have not been heard of since are forgotten.
   *
   * @param wills of sessions that are not over, but whose gateway has not been heard of since
   */
  record Expire(long silentSinceMillis, List<Expired> sessions, List<Expired> wills)
      implements SessionRecord {}

  /** A session that is over in this epoch, and in no later one. */
  record Expired(String key, long epoch) {}
}
