package io.starling.contract;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What relay nodes answer. */
public sealed interface RelayReply extends BusMessage {

  /** This node does not lead the log. */
  @Wire("relay.not-leader")
  record NotLeader(@Nullable String leader)
      implements AppendReply, ReadReply, CursorReply, CursorsReply, ChangesReply, LeaseReply {}

  /** The answer to {@link RelayRequest.Append}. */
  sealed interface AppendReply extends RelayReply {}

  /**
   * Committed.
   *
   * @param least events of a less important class than this were refused (the disk fills up) and
   *     are not in the journal
   */
  @Wire("relay.appended")
  record Appended(EventClass least) implements AppendReply {}

  /**
   * The answer to {@link RetainedRequest.Keep}: committed.
   *
   * @param full accounts that have as many retained messages as they may: of these none was kept,
   *     unless it was without data
   */
  @Wire("relay.retained.kept")
  record Kept(List<AccountId> full) implements AppendReply {}

  /** Nothing was appended, and nothing will be for now: the disk is full for every class. */
  @Wire("relay.full")
  record Full() implements AppendReply {}

  /** Nothing was appended: too much is under way. Try again after a moment. */
  @Wire("relay.overloaded")
  record Overloaded() implements AppendReply {}

  /** Not known whether it was appended: send the same events again, to the leader. */
  @Wire("relay.unknown")
  record Unknown(String cause) implements AppendReply {}

  /** The answer to {@link RelayRequest.AppendChanges}. */
  sealed interface ChangesReply extends RelayReply {}

  /** Where the directory stands, committed: behind the changes if they were taken. */
  @Wire("relay.directory.at")
  record DirectoryAt(FeedPosition at) implements ChangesReply {}

  /** The answer to {@link RelayRequest.Read}. */
  sealed interface ReadReply extends RelayReply {}

  /**
   * Events of a shard, in order.
   *
   * @param positions the position of each record of the journal that is in {@code events}, with the
   *     number of its bytes
   * @param next where to read on
   */
  @Wire("relay.records")
  record Records(List<RecordAt> positions, Buffer events, JournalPosition next)
      implements ReadReply {}

  /**
   * One journal record (a batch of events as a gateway sent it) within the bytes of {@link
   * Records}.
   */
  record RecordAt(JournalPosition position, int bytes) {}

  /** What was asked for is no longer kept. */
  @Wire("relay.purged")
  record Purged(JournalPosition first) implements ReadReply {}

  /** The answer to a cursor's change. */
  sealed interface CursorReply extends RelayReply {}

  /** Taken in. */
  @Wire("relay.cursor.taken")
  record CursorTaken() implements CursorReply {}

  /** The answer to {@link RelayRequest.ListCursors}. */
  sealed interface CursorsReply extends RelayReply {}

  /** The cursors by consumer, the first position kept, and the position behind the last event. */
  @Wire("relay.cursors.are")
  record Cursors(Map<String, JournalPosition> cursors, JournalPosition start, JournalPosition end)
      implements CursorsReply {}

  /** The answer to {@link RelayRequest.Lease}. */
  sealed interface LeaseReply extends RelayReply {}

  /** Whether the one who asked holds the lease now. */
  @Wire("relay.leased")
  record Leased(boolean held) implements LeaseReply {}

  /** The answer to a change of interest. */
  sealed interface InterestReply extends RelayReply {}

  /**
   * From here on, matching events are sent.
   *
   * @param positions where this is, for each shard that the relay leads
   */
  @Wire("relay.interest.taken")
  record InterestTaken(Map<Integer, JournalPosition> positions) implements InterestReply {}

  /** The change does not follow what this relay knows: send all of it. */
  @Wire("relay.interest.unknown")
  record InterestUnknown() implements InterestReply {}

  /** The answer to {@link RelayRequest.SharedDone}. */
  sealed interface SharedReply extends RelayReply {}

  /** Noted. */
  @Wire("relay.shared.noted")
  record SharedNoted() implements SharedReply {}
}
