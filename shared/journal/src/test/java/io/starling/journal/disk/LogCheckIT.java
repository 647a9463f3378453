package io.starling.journal.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogOutputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogCheckIT {
  private static final int MIB = 1024 * 1024;

  @TempDir Path root;
  private JournalFolder folder;
  private Path group;
  private Path current;

  @BeforeEach
  void makeGroup() throws IOException {
    folder = JournalFolder.open(root);
    group = folder.storage().resolve("00000000-0000-0000-0000-000000000001");
    current = Files.createDirectories(group.resolve("current"));
    Files.writeString(current.resolve("raft-meta"), "term=3\nvotedFor=me\n");
  }

  @AfterEach
  void unlock() throws IOException {
    folder.close();
  }

  @Test
  void acceptsWhatRatisWrites() throws IOException {
    write("log_0-4", 0, 4);
    write("log_5-9", 5, 9);
    write("log_inprogress_10", 10, 12);
    Map<Path, Long> before = contents();
    check();
    assertThat(contents()).isEqualTo(before);
  }

  @Test
  void cutsAnyTornEndOfTheOpenFile() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    write("log_0-4", 0, 4);
    for (int round = 0; round < 60; round++) {
      write("log_inprogress_5", 5, 9);
      Path open = current.resolve("log_inprogress_5");
      long whole = lengthOf(5, 8);
      tear(open, (int) whole, random);
      byte[] torn = Files.readAllBytes(open);
      check();
      byte[] left = Files.readAllBytes(open);
      assertThat(contentEnd(open)).as("seed %d round %d", seed, round).isEqualTo(whole);
      assertThat(left).startsWith(Arrays.copyOf(torn, (int) whole));
    }
  }

  /** Damages the last entry, which begins at the offset. */
  private static void tear(Path file, int offset, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = (int) contentEnd(file);
    int first = offset + random.nextInt(end - offset);
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, Math.max(first, offset + 1)); // shorter
      case 1 -> Arrays.fill(bytes, first, end, (byte) 0); // the last pages were not written
      case 2 -> bytes[first] ^= (byte) (1 + random.nextInt(255)); // one wrong byte
      default -> {
        byte[] garbage = new byte[bytes.length - first];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, bytes, first, garbage.length);
        bytes[first] ^= 1;
      }
    }
    Files.write(file, bytes);
  }

  @Test
  void keepsACopyOfWhatItCuts() throws IOException {
    write("log_inprogress_0", 0, 3);
    Path open = current.resolve("log_inprogress_0");
    long whole = contentEnd(open);
    Files.write(open, Arrays.copyOf(Files.readAllBytes(open), (int) whole));
    Files.writeString(open, "\u0005torn", StandardOpenOption.APPEND);
    check();
    assertThat(Files.size(open)).isEqualTo(whole);
    try (Stream<Path> cut = Files.list(root.resolve("cut"))) {
      assertThat(cut).singleElement().satisfies(copy -> assertThat(copy).hasContent("\u0005torn"));
    }
  }

  @Test
  void refusesABrokenEntryThatWholeOnesFollow() throws IOException {
    write("log_inprogress_0", 0, 9);
    Path open = current.resolve("log_inprogress_0");
    long third = lengthOf(0, 2);
    for (long offset = third; offset < third + 20; offset++) {
      byte[] bytes = Files.readAllBytes(open);
      bytes[(int) offset] ^= 0x55;
      Files.write(open, bytes);
      refuses(open, "entry 3 is not whole, but entry 4 follows");
      bytes[(int) offset] ^= 0x55;
      Files.write(open, bytes);
    }
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void refusesADamagedClosedFile() throws IOException {
    write("log_0-4", 0, 4);
    Path closed = current.resolve("log_0-4");
    write("log_inprogress_5", 5, 6);
    byte[] bytes = Files.readAllBytes(closed);
    bytes[(int) contentEnd(closed) - 10] ^= 1;
    Files.write(closed, bytes);
    refuses(closed, "entry 4 is not whole");
  }

  @Test
  void refusesAClosedFileThatEndsEarly() throws IOException {
    write("log_0-5", 0, 4);
    Path closed = current.resolve("log_0-5");
    write("log_inprogress_6", 6, 7);
    refuses(closed, "entry 5 is not whole");
  }

  @Test
  void refusesAGap() throws IOException {
    write("log_0-4", 0, 4);
    write("log_6-9", 6, 9);
    Path after = current.resolve("log_6-9");
    refuses(after, "the file before it should end where it begins");
  }

  @Test
  void refusesAMissingBeginning() throws IOException {
    write("log_5-9", 5, 9);
    Path first = current.resolve("log_5-9");
    refuses(first, "the entries before it, from 0, are missing");
  }

  @Test
  void deletesWhatAnInterruptedPurgeLeft() throws IOException {
    Path sm = Files.createDirectories(group.resolve("sm"));
    Files.createFile(sm.resolve("snapshot.3_9"));
    Files.createFile(sm.resolve("snapshot.3_9.md5"));
    write("log_0-4", 0, 4);
    Path leftover = current.resolve("log_0-4");
    write("log_inprogress_10", 10, 12);
    Path open = current.resolve("log_inprogress_10");
    check();
    assertThat(leftover).doesNotExist();
    assertThat(open).exists();
  }

  @Test
  void writesALostTermNoteOnlyAlone() throws IOException {
    write("log_inprogress_0", 0, 4);
    Path note = Files.writeString(current.resolve("raft-meta"), "");
    assertThatThrownBy(() -> new LogCheck(folder).run(false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("raft-meta is lost");
    new LogCheck(folder).run(true);
    assertThat(note).content().contains("term=2", "votedFor=" + folder.diskId());
  }

  private void check() throws IOException {
    new LogCheck(folder).run(false);
  }

  private void refuses(Path file, String why) throws IOException {
    Map<Path, Long> before = contents();
    assertThatThrownBy(this::check)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
    assertThat(contents()).isEqualTo(before);
  }

  /** Writes a file as Ratis does, with preallocated zeros behind. */
  private void write(String name, long first, long last) throws IOException {
    Path file = current.resolve(name);
    try (SegmentedRaftLogOutputStream out =
        new SegmentedRaftLogOutputStream(
            file.toFile(), false, 16 * MIB, 64 * 1024, ByteBuffer.allocateDirect(MIB))) {
      List<LogEntryProto> entries =
          LongStream.rangeClosed(first, last).mapToObj(this::entry).toList();
      for (LogEntryProto entry : entries) {
        out.write(entry);
      }
      out.flush();
    }
    // closing has cut the preallocated zeros, a crash does not
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length + 5000));
  }

  /** The bytes of a file with these entries, without zeros. */
  private long lengthOf(long first, long last) throws IOException {
    write("reference", first, last);
    long length = contentEnd(current.resolve("reference"));
    Files.delete(current.resolve("reference"));
    return length;
  }

  private LogEntryProto entry(long index) {
    byte[] data = new byte[200 + (int) (index * 37 % 8000)];
    Arrays.fill(data, (byte) (index + 1));
    return LogEntryProto.newBuilder()
        .setTerm(1 + index / 4)
        .setIndex(index)
        .setStateMachineLogEntry(
            StateMachineLogEntryProto.newBuilder()
                .setCallId(index)
                .setLogData(ByteString.copyFrom(data)))
        .build();
  }

  private static long contentEnd(Path file) throws IOException {
    SegmentScan scan = new SegmentScan(Files.readAllBytes(file));
    int offset = SegmentScan.HEADER.length;
    SegmentScan.Frame frame = scan.frame(offset);
    while (frame != null) {
      offset = frame.end();
      frame = scan.frame(offset);
    }
    return offset;
  }

  private Map<Path, Long> contents() throws IOException {
    Map<Path, Long> contents = new HashMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, (long) Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
