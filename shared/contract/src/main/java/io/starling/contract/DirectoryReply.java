package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What relay nodes answer about the directory. */
public sealed interface DirectoryReply extends BusMessage {

  /**
   * Where the directory stands.
   *
   * @param at how far the feed is in
   * @param end the position behind its last change: who has applied up to here sees all of them
   */
  @Wire("directory.feed")
  record Feed(FeedPosition at, JournalPosition end) implements DirectoryReply {}

  /** The answer to {@link DirectoryRequest.ReadChanges}. */
  sealed interface ReadReply extends DirectoryReply {}

  /**
   * Changes in order, and where to read on.
   *
   * @param current whether this replica knows a leader; one that is cut off may miss changes
   */
  @Wire("directory.changes")
  record Changes(List<Change> changes, JournalPosition next, boolean current)
      implements ReadReply {}

  /** That position is no longer kept: read a snapshot. */
  @Wire("directory.snapshot-needed")
  record SnapshotNeeded() implements ReadReply {}

  /**
   * A page of the directory.
   *
   * @param position before which all changes of the rows of this page are in it
   * @param next what to ask with for the next page, null on the last
   */
  @Wire("directory.page")
  record SnapshotPage(List<Change> rows, JournalPosition position, @Nullable String next)
      implements DirectoryReply {}
}
