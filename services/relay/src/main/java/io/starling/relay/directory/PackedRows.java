package io.starling.relay.directory;

import io.starling.contract.Change;
import io.starling.journal.LogState;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest change of each row, by {@code kind/key} in this order, with the dictionaries by which
 * they were packed. Changed on one thread, read from any.
 */
final class PackedRows {
  private final ConcurrentSkipListMap<String, PackedRow> rows = new ConcurrentSkipListMap<>();
  private final PackedRow.Dictionaries dictionaries;
  private final PackedRow.Packer packer;

  PackedRows() {
    this(new PackedRow.Dictionaries());
  }

  private PackedRows(PackedRow.Dictionaries dictionaries) {
    this.dictionaries = dictionaries;
    this.packer = dictionaries.packer();
  }

  @Nullable PackedRow get(String key) {
    return rows.get(key);
  }

  int size() {
    return rows.size();
  }

  void put(String key, Change change) {
    rows.put(key, packer.pack(change));
  }

  /** Lets go of a row if it is deleted. */
  void forget(String key) {
    rows.computeIfPresent(key, (_, row) -> row.isDeleted() ? null : row);
  }

  /** The keys of deleted rows, in their order. */
  List<String> deleted() {
    return rows.entrySet().stream()
        .filter(row -> row.getValue().isDeleted())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Rows behind a key. */
  List<Change> page(String after, int maxRows) {
    try (var unpacker = dictionaries.unpacker()) {
      return rows.tailMap(after, false).entrySet().stream()
          .limit(maxRows)
          .map(entry -> unpacker.unpack(entry.getKey(), entry.getValue()))
          .toList();
    }
  }

  /** All rows as they are now. They are written as they stand, packed. */
  LogState.Copy copy() {
    var dictionariesNow = dictionaries.copy();
    var keys = new ArrayList<String>();
    var packed = new ArrayList<PackedRow>();
    rows.forEach(
        (key, row) -> {
          keys.add(key);
          packed.add(row);
        });
    return out -> {
      dictionariesNow.writeTo(out);
      out.writeInt(keys.size());
      for (int i = 0; i < keys.size(); i++) {
        out.writeUTF(keys.get(i));
        packed.get(i).writeTo(out);
      }
    };
  }

  /** What a copy wrote. */
  static PackedRows readFrom(DataInput in) throws IOException {
    var read = new PackedRows(PackedRow.Dictionaries.readFrom(in));
    for (int left = in.readInt(); left > 0; left--) {
      read.rows.put(in.readUTF(), PackedRow.readFrom(in));
    }
    return read;
  }
}
