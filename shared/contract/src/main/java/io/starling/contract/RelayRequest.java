package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What a relay node answers, at {@code relay.<node>}. */
public sealed interface RelayRequest extends BusMessage, Addressed {

  /** The relay node that is asked. */
  String relay();

  @Override
  default String address() {
    return "relay." + relay();
  }

  /**
   * Append events to a shard. Answered once they are on disk at a majority; appended in the order
   * of the bytes, behind everything that this sender had acknowledged before.
   *
   * @param shard from 0
   * @param events in the form of {@link EventBatch}, at most 1 MiB
   */
  @Wire("relay.append")
  record Append(String relay, int shard, Buffer events)
      implements RelayRequest, Request<RelayReply.AppendReply> {}

  /**
   * Put changes into the directory log, behind those up to {@code from}; taken only if the
   * directory stands exactly there. With no changes and {@code from} equal to {@code to}, only asks
   * where it stands.
   */
  @Wire("relay.directory.append")
  record AppendChanges(String relay, FeedPosition from, FeedPosition to, List<Change> changes)
      implements RelayRequest, Request<RelayReply.ChangesReply> {}

  /**
   * Read a shard's journal as a named consumer. Waits up to {@code waitMillis} for something to
   * read; then answers with no events.
   *
   * @param from the first position wanted
   * @param maxBytes about how much to answer at most (at least one record is)
   */
  @Wire("relay.read")
  record Read(String relay, int shard, JournalPosition from, int maxBytes, long waitMillis)
      implements RelayRequest, Request<RelayReply.ReadReply> {}

  /**
   * Read of a shard's journal what matches some topic filters of an account. Answers with what it
   * has found when it has looked at enough, found or not; never waits.
   *
   * @param from the first position wanted
   * @param until the first position no longer wanted
   * @param maxBytes about how much to answer at most (at least one event is)
   */
  @Wire("relay.read-matching")
  record ReadMatching(
      String relay,
      int shard,
      AccountId account,
      List<String> filters,
      JournalPosition from,
      JournalPosition until,
      int maxBytes)
      implements RelayRequest, Request<RelayReply.ReadReply> {}

  /**
   * Move a consumer's cursor: everything before it is done. Never moves back. Answered when the
   * shard's leader has taken it in; on disk within about a second.
   */
  @Wire("relay.cursor.set")
  record SetCursor(String relay, int shard, String consumer, JournalPosition position)
      implements RelayRequest, Request<RelayReply.CursorReply> {}

  /** Forget a consumer, so that its cursor no longer keeps events. */
  @Wire("relay.cursor.remove")
  record RemoveCursor(String relay, int shard, String consumer)
      implements RelayRequest, Request<RelayReply.CursorReply> {}

  /**
   * Take, renew or end the lease of a consumer on a shard: of those who ask, one follows the shard.
   *
   * @param holder a name that nobody else has
   * @param renews whether the holder had it until now: a new leader hears those first
   * @param millis for how long, at most a minute; 0 ends it
   */
  @Wire("relay.lease")
  record Lease(String relay, int shard, String consumer, String holder, boolean renews, long millis)
      implements RelayRequest, Request<RelayReply.LeaseReply> {}

  /**
   * All cursors of a shard whose names start with {@code prefix}, and where its journal starts and
   * ends.
   */
  @Wire("relay.cursors")
  record ListCursors(String relay, int shard, String prefix)
      implements RelayRequest, Request<RelayReply.CursorsReply> {}

  /**
   * All that a holder of subscriptions wants to see. Replaces what it wanted before, unless {@code
   * version} is older. Repeated every few seconds: a holder that falls silent is forgotten.
   *
   * @param holder where matching events go: {@code live.<holder>}
   */
  @Wire("relay.interest.all")
  record SetInterest(String relay, String holder, long version, List<Interest> interests)
      implements RelayRequest, Request<RelayReply.InterestReply> {}

  /**
   * A change of what a holder wants, as version {@code version}; refused unless the version before
   * it is the one known.
   *
   * @param added newly wanted
   * @param removed no longer wanted by anyone at the holder
   */
  @Wire("relay.interest.change")
  record ChangeInterest(
      String relay, String holder, long version, List<Interest> added, List<Interest> removed)
      implements RelayRequest, Request<RelayReply.InterestReply> {}

  /**
   * Events of shared subscriptions need no longer be kept for this holder. What the relay does not
   * know (any more) is passed over, so that it may be told twice.
   *
   * @param done finished with, whatever became of them
   * @param back to be given to another holder, since no member here can have them
   */
  @Wire("relay.shared.done")
  record SharedDone(String relay, String holder, List<Long> done, List<Long> back)
      implements RelayRequest, Request<RelayReply.SharedReply> {}
}
