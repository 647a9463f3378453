package io.starling.relay.directory;

import io.starling.contract.Change;
import io.starling.contract.FeedPosition;
import io.starling.journal.LogState;
import io.starling.journal.Position;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The configuration as the directory log has brought it: the newest change of each row. Applied on
 * the log's thread, read from any.
 *
 * <p>A batch that does not follow the feed's position is ignored, so that two feeds at once, or one
 * that repeats itself, change nothing. Deleted rows stay for a while, so that an older change of
 * the same row, read later because its transaction began later, does not bring them back.
 */
final class DirectoryState implements LogState {
  private static final int MAX_DELETED = 50_000;

  private final ConcurrentSkipListMap<String, Change> rows = new ConcurrentSkipListMap<>();
  private final ArrayDeque<String> deleted = new ArrayDeque<>();
  private volatile FeedPosition feed = FeedPosition.START;

  /** How far the feed is in. */
  FeedPosition feed() {
    return feed;
  }

  /** Rows behind a key, in the order of their keys. */
  List<Change> page(String after, int maxRows) {
    return rows.tailMap(after, false).values().stream().limit(maxRows).toList();
  }

  /** The key of a row, over all kinds. */
  static String key(Change change) {
    return change.kind() + "/" + change.key();
  }

  /** How many rows there are, deleted ones included. */
  int size() {
    return rows.size();
  }

  @Override
  public void apply(Position position, Buffer payload) {
    var batch = ChangeBatch.decode(payload);
    if (!batch.from().equals(feed)) {
      return;
    }
    batch.changes().forEach(this::apply);
    feed = batch.to();
  }

  private void apply(Change change) {
    String key = key(change);
    var known = rows.get(key);
    if (known != null && !change.isNewerThan(known)) {
      return;
    }
    rows.put(key, change);
    if (change.row() == null) {
      deleted.add(key);
      forgetOldestDeleted();
    }
  }

  private void forgetOldestDeleted() {
    while (deleted.size() > MAX_DELETED) {
      rows.computeIfPresent(
          deleted.remove(), (key, change) -> change.row() == null ? null : change);
    }
  }

  @Override
  public void writeTo(DataOutput out) throws IOException {
    var all = new ArrayList<>(rows.values());
    byte[] bytes = new ChangeBatch(FeedPosition.START, feed, all).encode().getBytes();
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    var batch = ChangeBatch.decode(Buffer.buffer(bytes));
    rows.clear();
    deleted.clear();
    batch.changes().forEach(this::apply);
    feed = batch.to();
  }
}
