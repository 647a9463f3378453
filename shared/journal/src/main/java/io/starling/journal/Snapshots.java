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
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import org.apache.ratis.io.MD5Hash;
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
 * Snapshot files of one log: cursors and state as they are when the writing begins, under the name
 * of an older index. Ratis purges below the name's index and replays from there; what the contents
 * already include is skipped then.
 */
final class Snapshots {
  private static final int VERSION = 1;

  /** Behind the name of a snapshot that Ratis is not to find. */
  private static final String WRITTEN = ".written";

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

  /** The contents' own end: the last index that they include. */
  record Contents(long lastIndex, Map<String, Position> cursors) {}

  StateMachineStorage storage() {
    return storage;
  }

  void init(RaftStorage raftStorage) throws IOException {
    storage.init(raftStorage);
    Path folder = raftStorage.getStorageDir().getStateMachineDir().toPath();
    try (var left = Files.newDirectoryStream(folder, "*" + WRITTEN + "*")) {
      for (Path unpublished : left) {
        Files.delete(unpublished);
      }
    }
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

  /** A snapshot that stands on disk and that nobody knows of. */
  record Written(TermIndex label, File file, MD5Hash digest) {}

  /** Writes a snapshot so that Ratis does not find it yet. On any thread. */
  Written write(TermIndex label, Contents contents, LogState.Copy state) throws IOException {
    File file = new File(file(label).getPath() + WRITTEN);
    AtomicFileOutputStream atomic = new AtomicFileOutputStream(file);
    try {
      write(atomic, contents, state);
    } catch (IOException | RuntimeException e) {
      atomic.abort();
      throw e;
    }
    atomic.close();
    return new Written(label, file, MD5FileUtil.computeMd5ForFile(file));
  }

  /** Makes a written snapshot the newest: one that stands after a crash. */
  void publish(Written written) throws IOException {
    File file = file(written.label);
    MD5FileUtil.saveMD5File(file, written.digest);
    Files.move(written.file.toPath(), file.toPath(), StandardCopyOption.ATOMIC_MOVE);
    JournalFolder.sync(folder(file)); // before Ratis purges
    var info = new FileInfo(file.toPath(), written.digest);
    var _ = storage.updateLatestSnapshot(new SingleFileSnapshotInfo(info, written.label));
  }

  private File file(TermIndex label) {
    return storage.getSnapshotFile(label.getTerm(), label.getIndex());
  }

  private static Path folder(File file) {
    return file.getAbsoluteFile().getParentFile().toPath();
  }

  private static void write(OutputStream to, Contents contents, LogState.Copy state)
      throws IOException {
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
