package io.starling.relay.directory;

import io.starling.contract.Change;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The newest change of a row, without what its key says, and deflated: there may be a million, and
 * they are read when a node starts. Rows of a kind look alike, so that the first of a kind is the
 * dictionary of all, and of 460 bytes of a device some 90 are left.
 */
final class PackedRow {
  /** In place of a length. */
  private static final int DELETED = -1;

  private final long term;
  private final long sequence;

  /** Null if the row was deleted. */
  private final byte @Nullable [] packed;

  private PackedRow(long term, long sequence, byte @Nullable [] packed) {
    this.term = term;
    this.sequence = sequence;
    this.packed = packed;
  }

  boolean isOlderThan(Change change) {
    return term != change.term() ? term < change.term() : sequence < change.sequence();
  }

  boolean isDeleted() {
    return packed == null;
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(term);
    out.writeLong(sequence);
    out.writeInt(packed == null ? DELETED : packed.length);
    if (packed != null) {
      out.write(packed);
    }
  }

  static PackedRow readFrom(DataInput in) throws IOException {
    long term = in.readLong();
    long sequence = in.readLong();
    int length = in.readInt();
    return new PackedRow(term, sequence, length == DELETED ? null : read(in, length));
  }

  static byte[] read(DataInput in, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** The dictionaries. They stay: a row is unpacked by that by which it was packed. */
  static final class Dictionaries {
    private final Map<String, byte[]> byKind;

    Dictionaries() {
      this(Map.of());
    }

    private Dictionaries(Map<String, byte[]> byKind) {
      this.byKind = new ConcurrentHashMap<>(byKind);
    }

    Dictionaries copy() {
      return new Dictionaries(byKind);
    }

    void writeTo(DataOutput out) throws IOException {
      out.writeInt(byKind.size());
      for (var dictionary : byKind.entrySet()) {
        out.writeUTF(dictionary.getKey());
        out.writeInt(dictionary.getValue().length);
        out.write(dictionary.getValue());
      }
    }

    static Dictionaries readFrom(DataInput in) throws IOException {
      var byKind = new HashMap<String, byte[]>();
      for (int left = in.readInt(); left > 0; left--) {
        byKind.put(in.readUTF(), read(in, in.readInt()));
      }
      return new Dictionaries(byKind);
    }

    Packer packer() {
      return new Packer(byKind);
    }

    Unpacker unpacker() {
      return new Unpacker(byKind);
    }
  }

  /** Packs, on one thread. Holds memory outside of the heap until it is closed. */
  static final class Packer implements AutoCloseable {
    private final Map<String, byte[]> dictionaries;
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private byte[] room = new byte[1024];

    private Packer(Map<String, byte[]> dictionaries) {
      this.dictionaries = dictionaries;
    }

    PackedRow pack(Change change) {
      String row = change.row();
      return new PackedRow(
          change.term(),
          change.sequence(),
          row == null ? null : pack(change.kind(), row.getBytes(StandardCharsets.UTF_8)));
    }

    private byte[] pack(String kind, byte[] row) {
      deflater.reset();
      deflater.setDictionary(dictionaries.computeIfAbsent(kind, first -> row));
      deflater.setInput(row);
      deflater.finish();
      int length = 0;
      while (true) {
        length += deflater.deflate(room, length, room.length - length);
        if (deflater.finished()) {
          return Arrays.copyOf(room, length);
        }
        room = Arrays.copyOf(room, 2 * room.length);
      }
    }

    @Override
    public void close() {
      deflater.end();
    }
  }

  /** Unpacks, on one thread. Holds memory outside of the heap until it is closed. */
  static final class Unpacker implements AutoCloseable {
    private final Map<String, byte[]> dictionaries;
    private final Inflater inflater = new Inflater(true);
    private byte[] room = new byte[4096];

    private Unpacker(Map<String, byte[]> dictionaries) {
      this.dictionaries = dictionaries;
    }

    /**
     * The change that a row was packed from.
     *
     * @param key {@code kind/key}
     */
    Change unpack(String key, PackedRow row) {
      int slash = key.indexOf('/');
      String kind = key.substring(0, slash).intern();
      return new Change(
          kind,
          key.substring(slash + 1),
          row.term,
          row.sequence,
          row.packed == null ? null : unpack(kind, row.packed));
    }

    private String unpack(String kind, byte[] packed) {
      inflater.reset();
      inflater.setDictionary(Objects.requireNonNull(dictionaries.get(kind)));
      inflater.setInput(packed);
      int length = 0;
      while (true) {
        try {
          length += inflater.inflate(room, length, room.length - length);
        } catch (DataFormatException e) {
          throw new IllegalStateException("a packed row is damaged", e);
        }
        if (inflater.finished()) {
          return new String(room, 0, length, StandardCharsets.UTF_8);
        }
        room = Arrays.copyOf(room, 2 * room.length);
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }
}
