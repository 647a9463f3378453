package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starling.journal.membership.JournalAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a folder belongs to. */
final class JournalFolderIT {
  @TempDir Path folder;
  private String diskId = "";

  @BeforeEach
  void fill() {
    try (Opened opened = Opened.open(folder, "shard-0")) {
      diskId = opened.journal().diskId();
      assertThat(opened.append("shard-0", "one")).isNotNull();
    }
  }

  @Test
  void keepsItsDiskId() throws IOException {
    assertThat(Journal.diskId(folder)).isEqualTo(diskId);
    assertThat(folder.resolve("disk-id")).hasContent(diskId);
  }

  @Test
  void refusesStorageWithoutDiskId() throws IOException {
    Files.delete(folder.resolve("disk-id"));
    refuses("holds logs but no disk-id");
    assertThat(folder.resolve("disk-id")).doesNotExist();
  }

  @Test
  void refusesStorageOfAnotherDisk() throws IOException {
    Files.writeString(folder.resolve("disk-id"), "11111111-2222-3333-4444-555555555555\n");
    refuses("belong to disk " + diskId + ", this is disk 11111111-2222-3333-4444-555555555555");
  }

  @Test
  void refusesASecondProcess() throws Exception {
    try (Opened _ = Opened.open(folder, "shard-0")) {
      refuses("in use by another process");
    }
    try (AppendingProcess process = AppendingProcess.start(folder.resolve("theirs"), 0, 1 << 20)) {
      assertThat(process.nextLine()).isEqualTo("open");
      assertThatThrownBy(() -> Opened.open(folder.resolve("theirs"), "shard-0", "shard-1"))
          .hasMessageContaining("in use by another process");
      process.kill();
    }
    try (Opened opened = Opened.open(folder.resolve("theirs"), "shard-0", "shard-1")) {
      assertThat(opened.log("shard-0").leadership()).isInstanceOf(Leadership.Leading.class);
    }
  }

  @Test
  void isNewOnceItWasSetAsideAndKeepsWhatItHeld() throws IOException {
    Path aside = Journal.setAside(folder);
    assertThat(aside.resolve("disk-id")).hasContent(diskId);
    assertThat(Journal.diskId(folder)).isNotEqualTo(diskId);
    try (Opened opened = Opened.open(folder, "shard-0");
        Opened old = Opened.open(aside, "shard-0")) {
      assertThat(opened.read("shard-0", Position.START)).isEmpty();
      assertThat(old.read("shard-0", Position.START)).containsExactly("one");
    }
  }

  @Test
  void hostsALogThatIsNewInTheConfiguration() {
    try (Opened opened = Opened.open(folder, "new", "shard-0")) {
      assertThat(opened.append("new", "first")).isNotNull();
      assertThat(opened.append("shard-0", "two")).isNotNull();
    }
    try (Opened opened = Opened.open(folder, "new", "shard-0")) {
      assertThat(opened.read("new", Position.START)).containsExactly("first");
      assertThat(opened.read("shard-0", Position.START)).containsExactly("one", "two");
    }
  }

  @Test
  void refusesToForgetALog() {
    assertThatThrownBy(() -> Opened.open(folder, "shard-1"))
        .hasMessageContaining("is a log that is not configured");
  }

  @Test
  void refusesToListenWhereNoReplicaIsNamed() {
    JournalConfig.Builder config =
        Opened.config(folder, "shard-0")
            .address("127.0.0.1", 2)
            .replicas(List.of(new JournalAddress("127.0.0.1", 1)));
    assertThatThrownBy(config::build).hasMessageContaining("127.0.0.1:2 is not among the replicas");
  }

  @Test
  void goesOnAtAnotherPortIfItsOwnIsTaken() throws IOException {
    int port = Integer.parseInt(Files.readString(folder.resolve("port")).strip());
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        Opened opened = Opened.open(folder, "shard-0")) {
      assertThat(opened.append("shard-0", "two")).isNotNull();
      assertThat(opened.read("shard-0", Position.START)).containsExactly("one", "two");
    }
    try (Opened opened = Opened.open(folder, "shard-0")) {
      assertThat(opened.read("shard-0", Position.START)).containsExactly("one", "two");
    }
  }

  @Test
  void startsAgainWhatWasKilledBeforeItsFirstEntry() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("raft"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (name.equals("raft-meta.conf") || name.startsWith("log_")) {
          Files.delete(file);
        }
      }
    }
    try (Opened opened = Opened.open(folder, "shard-0")) {
      assertThat(opened.append("shard-0", "two")).isNotNull();
      assertThat(opened.read("shard-0", Position.START)).containsExactly("two");
    }
  }

  @Test
  void cutsATornEndAndKeepsTheRest() throws IOException {
    Path open = openFile();
    Files.write(
        open, new byte[] {40, 8, 1, 16, 9, 1, 2, 3}, java.nio.file.StandardOpenOption.APPEND);
    try (Opened opened = Opened.open(folder, "shard-0")) {
      assertThat(opened.append("shard-0", "two")).isNotNull();
      assertThat(opened.read("shard-0", Position.START)).containsExactly("one", "two");
    }
  }

  @Test
  void namesTheDamagedFileAndLeavesItAlone() throws IOException {
    try (Opened opened = Opened.open(folder, "shard-0")) { // a new term, so a new file
      assertThat(opened.append("shard-0", "two")).isNotNull();
    }
    Path closed;
    try (Stream<Path> files = Files.walk(folder)) {
      closed =
          files
              .filter(file -> file.getFileName().toString().startsWith("log_0-"))
              .findFirst()
              .orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(closed);
    bytes[bytes.length - 6] ^= 1;
    Files.write(closed, bytes);
    refuses(closed.toString());
    assertThat(closed).hasBinaryContent(bytes);
  }

  private Path openFile() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("log_inprogress_"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void refuses(String why) {
    assertThatThrownBy(() -> Opened.open(folder, "shard-0"))
        .isInstanceOfSatisfying(
            JournalException.class,
            e -> assertThat(e.kind()).isEqualTo(JournalException.Kind.UNUSABLE))
        .hasMessageContaining(why);
  }
}
