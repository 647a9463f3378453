package io.starling.relay.directory;

import io.starling.contract.Change;
import io.starling.contract.FeedPosition;
import io.starling.journal.LogState;
import io.starling.journal.Position;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

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

  /** In place of the length of a batch, as which the oldest versions wrote a snapshot. */
  private static final int ROW_BY_ROW = -1;

  private static final int PACKED = -2;

  private volatile PackedRows rows = new PackedRows();

  /** Of the log's thread, as what follows. */
  private final ArrayDeque<String> deleted = new ArrayDeque<>();

  private volatile FeedPosition feed = FeedPosition.START;

  /** How far the feed is in. */
  FeedPosition feed() {
    return feed;
  }

  /** Rows behind a key, in the order of their keys. */
  List<Change> page(String after, int maxRows) {
    return rows.page(after, maxRows);
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
    if (known != null && !known.isOlderThan(change)) {
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
      rows.forget(deleted.remove());
    }
  }

  @Override
  public Copy copy() {
    byte[] head = new ChangeBatch(feed, feed, List.of()).encode().getBytes();
    var copied = rows.copy();
    return out -> {
      out.writeInt(PACKED);
      out.writeInt(head.length);
      out.write(head);
      copied.writeTo(out);
    };
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    int form = in.readInt();
    var head =
        ChangeBatch.decode(Buffer.buffer(PackedRow.read(in, form < 0 ? in.readInt() : form)));
    deleted.clear();
    if (form == PACKED) {
      rows = PackedRows.readFrom(in);
      deleted.addAll(rows.deleted());
    } else {
      rows = new PackedRows();
      head.changes().forEach(this::apply);
      while (form == ROW_BY_ROW && in.readBoolean()) {
        apply(row(in));
      }
    }
    feed = head.to();
  }

  private static Change row(DataInput in) throws IOException {
    String kind = in.readUTF();
    String key = in.readUTF();
    long term = in.readLong();
    long sequence = in.readLong();
    String row =
        in.readBoolean()
            ? new String(PackedRow.read(in, in.readInt()), StandardCharsets.UTF_8)
            : null;
    return new Change(kind, key, term, sequence, row);
  }
}
