package io.starling.journal;

import static io.starling.journal.Opened.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.starling.journal.JournalException.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up: first the guard's, then a real one. */
final class JournalFullDiskIT {
  private static final int MIB = 1 << 20;

  @TempDir Path folder;

  @Test
  void refusesBeforeTheDiskIsFullAndTakesMoreOnceThereIsSpace() {
    JournalConfig config =
        Opened.config(folder, "shard-0")
            .disk(24 * MIB, 8 * MIB, MIB)
            .retention(Duration.ZERO)
            .build();
    int acknowledged = 0;
    try (Opened opened = Opened.open(config)) {
      JournalLog log = opened.log("shard-0");
      double usedBefore = opened.journal().disk().used();
      Future<Position> append = log.append(Buffer.buffer(new byte[500_000]));
      await().atMost(Opened.PATIENCE).until(append::isComplete);
      while (append.succeeded()) {
        acknowledged++;
        append = log.append(Buffer.buffer(new byte[500_000]));
        await().atMost(Opened.PATIENCE).until(append::isComplete);
      }
      assertThat(((JournalException) append.cause()).kind()).isEqualTo(Kind.FULL);
      assertThat(opened.journal().disk().stopped()).isTrue();
      assertThat(opened.journal().disk().used()).isGreaterThan(usedBefore).isBetween(0.6, 0.8);
      assertThat(opened.read("shard-0", Position.START)).hasSize(acknowledged);
    }
    try (Opened opened = Opened.open(config)) {
      assertThat(opened.read("shard-0", Position.START)).hasSize(acknowledged);
      await()
          .atMost(Opened.PATIENCE)
          .untilAsserted(
              () -> {
                done(opened.journal().turn()); // nothing is retained, so this makes space
                assertThat(opened.journal().disk().stopped()).isFalse();
              });
      assertThat(opened.append("shard-0", "again")).isNotNull();
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aRealFullDiskEndsTheProcessAndLosesNothingAcknowledged() throws Exception {
    List<String> lines = onSmallDisk(0);
    // Mostly it is the disk that says no; where the guard was quicker, that is as well.
    assertThat(lines)
        .anyMatch(line -> line.startsWith("fatal ") || line.equals("refused"))
        .contains("exit 3");
    assertThat(numbers(lines, "stored ")).isSorted().doesNotHaveDuplicates();
    assertThat(numbers(lines, "ack ")).isNotEmpty();
    assertThat(numbers(lines, "stored ")).containsAll(numbers(lines, "ack "));
  }

  /** What a process says that fills a small disk, and then what another says that reads it. */
  private List<String> onSmallDisk(long minFreeBytes) throws IOException {
    Path disk = Files.createDirectory(folder.resolve("small"));
    assumeTrue(mounts(disk), "cannot mount a small disk here");
    String script =
        "mount -t tmpfs -o size=24m none \"$0\" && \"$@\"; echo \"exit $?\"; exec \"$@\" list";
    List<String> prefix = List.of("unshare", "-r", "-m", "sh", "-c", script, disk.toString());
    List<String> lines = new ArrayList<>();
    try (AppendingProcess process =
        AppendingProcess.start(prefix, disk.resolve("journal"), 0, minFreeBytes)) {
      String line = process.nextLine();
      while (line != null) {
        lines.add(line);
        line = process.nextLine();
      }
    }
    return lines;
  }

  private static boolean mounts(Path disk) throws IOException {
    try {
      return new ProcessBuilder(
                  "unshare", "-r", "-m", "mount", "-t", "tmpfs", "none", disk.toString())
              .start()
              .waitFor()
          == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<Long> numbers(List<String> lines, String prefix) {
    Stream<String> found = lines.stream().filter(line -> line.startsWith(prefix));
    return found.map(line -> Long.parseLong(line.substring(prefix.length()))).toList();
  }
}
