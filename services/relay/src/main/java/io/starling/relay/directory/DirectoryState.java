package io.starling.relay.directory;

import io.starling.contract.Change;
import io.starling.contract.FeedPosition;
import io.starling.journal.LogState;
import io.starling.journal.Position;
import io.vertx.core.buffer.Buffer;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
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

  /** In place of the length of a batch, as which older versions wrote a snapshot. */
  private static final int ROW_BY_ROW = -1;

  private final ConcurrentSkipListMap<String, PackedRow> rows = new ConcurrentSkipListMap<>();
  private final PackedRow.Dictionaries dictionaries = new PackedRow.Dictionaries();

  /** Of the log's thread. */
  private final PackedRow.Packer packer = dictionaries.packer();

  private final ArrayDeque<String> deleted = new ArrayDeque<>();
  private volatile FeedPosition feed = FeedPosition.START;

  /** How far the feed is in. */
  FeedPosition feed() {
    return feed;
  }

  /** Rows behind a key, in the order of their keys. */
  List<Change> page(String after, int maxRows) {
    try (var unpacker = dictionaries.unpacker()) {
      return rows.tailMap(after, false).entrySet().stream()
          .limit(maxRows)
          .map(entry -> unpacker.unpack(entry.getKey(), entry.getValue()))
          .toList();
    }
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
    rows.put(key, packer.pack(change));
    if (change.row() == null) {
      deleted.add(key);
      forgetOldestDeleted();
    }
  }

  private void forgetOldestDeleted() {
    while (deleted.size() > MAX_DELETED) {
      rows.computeIfPresent(deleted.remove(), (key, change) -> change.isDeleted() ? null : change);
    }
  }

  /** Row by row: a million of them make no one array. */
  @Override
  public void writeTo(DataOutput out) throws IOException {
    out.writeInt(ROW_BY_ROW);
    byte[] head = new ChangeBatch(feed, feed, List.of()).encode().getBytes();
    write(out, head);
    try (var unpacker = dictionaries.unpacker()) {
      for (var entry : rows.entrySet()) {
        write(out, unpacker.unpack(entry.getKey(), entry.getValue()));
      }
    }
    out.writeBoolean(false);
  }

  private static void write(DataOutput out, Change change) throws IOException {
    out.writeBoolean(true);
    out.writeUTF(change.kind());
    out.writeUTF(change.key());
    out.writeLong(change.term());
    out.writeLong(change.sequence());
    String row = change.row();
    out.writeBoolean(row != null);
    if (row != null) {
      write(out, row.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void write(DataOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] read(DataInput in, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  @Override
  public void readFrom(DataInput in) throws IOException {
    rows.clear();
    deleted.clear();
    int first = in.readInt();
    if (first != ROW_BY_ROW) {
      var batch = ChangeBatch.decode(Buffer.buffer(read(in, first)));
      batch.changes().forEach(this::apply);
      feed = batch.to();
      return;
    }
    var head = ChangeBatch.decode(Buffer.buffer(read(in, in.readInt())));
    while (in.readBoolean()) {
      String kind = in.readUTF();
      String key = in.readUTF();
      long term = in.readLong();
      long sequence = in.readLong();
      String row =
          in.readBoolean() ? new String(read(in, in.readInt()), StandardCharsets.UTF_8) : null;
      apply(new Change(kind, key, term, sequence, row));
    }
    feed = head.to();
  }
}
