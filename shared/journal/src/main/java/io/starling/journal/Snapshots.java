package io.starling.journal;

import io.starling.journal.disk.JournalFolder;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * Snapshot files of one log: cursors and state as they are when the file is written, under the name
 * of an older index. Ratis purges below the name's index and replays from there; what the contents
 * already include is skipped then.
 */
final class Snapshots {
  private static final int VERSION = 1;

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

  /** The contents' own end: the last index that they include. */
  record Contents(long lastIndex, Map<String, Position> cursors) {}

  StateMachineStorage storage() {
    return storage;
  }

  void init(RaftStorage raftStorage) throws IOException {
    storage.init(raftStorage);
  }

  @Nullable TermIndex latest() {
    SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
    return latest == null ? null : latest.getTermIndex();
  }

  /** The length of the newest snapshot; 0 if there is none. */
  long latestBytes() {
    SingleFileSnapshotInfo latest = storage.getLatestSnapshot();
    return latest == null ? 0 : latest.getFile().getFileSize();
  }

  /** Reads the newest snapshot into the state; null if there is none. */
  @Nullable Contents load(LogState state) throws IOException {
    SingleFileSnapshotInfo latest = storage.loadLatestSnapshot();
    if (latest == null) {
      return null;
    }
    File file = latest.getFile().getPath().toFile();
    MD5FileUtil.verifySavedMD5(file, MD5FileUtil.computeMd5ForFile(file));
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file.toPath())))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException(file + " is of version " + version + ": written by newer code?");
      }
      long lastIndex = in.readLong();
      Map<String, Position> cursors = new HashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        cursors.put(in.readUTF(), new Position(in.readLong(), in.readInt()));
      }
      state.readFrom(in);
      return new Contents(lastIndex, Map.copyOf(cursors));
    }
  }

  /** Writes a snapshot that stands after a crash, or none. */
  void save(TermIndex label, Contents contents, LogState state) throws IOException {
    File file = storage.getSnapshotFile(label.getTerm(), label.getIndex());
    AtomicFileOutputStream atomic = new AtomicFileOutputStream(file);
    try {
      write(atomic, contents, state);
    } catch (IOException | RuntimeException e) {
      atomic.abort();
      throw e;
    }
    atomic.close();
    JournalFolder.sync(file.getAbsoluteFile().getParentFile().toPath()); // before Ratis purges
    Path path = file.toPath();
    var digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
    var _ =
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(path, digest), label));
  }

  private static void write(OutputStream to, Contents contents, LogState state) throws IOException {
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(to));
    out.writeInt(VERSION);
    out.writeLong(contents.lastIndex);
    out.writeInt(contents.cursors.size());
    for (var cursor : contents.cursors.entrySet()) {
      out.writeUTF(cursor.getKey());
      out.writeLong(cursor.getValue().index());
      out.writeInt(cursor.getValue().offset());
    }
    state.writeTo(out);
    out.flush();
  }
}
