package io.starling.contract;

/**
 * What every relay node answers from its replica of the directory log, at {@code directory}. Who
 * asks another one next may hear of a little less.
 */
public sealed interface DirectoryRequest extends BusMessage, Addressed {

  @Override
  default String address() {
    return "directory";
  }

  /** How far the feed has come. */
  @Wire("directory.feed-at")
  record FeedAt() implements DirectoryRequest, Request<DirectoryReply.Feed> {}

  /**
   * Wait until a transaction's changes stand in the directory, at most {@code waitMillis}; answers
   * where it stands then.
   */
  @Wire("directory.await")
  record AwaitFeed(long term, long transaction, long waitMillis)
      implements DirectoryRequest, Request<DirectoryReply.Feed> {}

  /** Changes from a position on; waits up to {@code waitMillis} for the first. */
  @Wire("directory.read")
  record ReadChanges(JournalPosition from, int maxBytes, long waitMillis)
      implements DirectoryRequest, Request<DirectoryReply.ReadReply> {}

  /**
   * A page of the whole directory. Read all pages, then the changes from the least position that a
   * page told; higher versions of a row win, so that what changed meanwhile is right.
   *
   * @param after the last key of the page before ({@code kind/key}), empty for the first
   */
  @Wire("directory.snapshot")
  record ReadSnapshot(String after, int maxRows)
      implements DirectoryRequest, Request<DirectoryReply.SnapshotPage> {}
}
