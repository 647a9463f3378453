package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a real process while it appends. */
final class JournalCrashIT {
  private static final int KILLS = 4;

  @TempDir Path folder;

  @Test
  void losesNothingAcknowledgedWhenKilled() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Set<Long> acknowledged = new TreeSet<>();
    long first = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (AppendingProcess process = AppendingProcess.start(folder, first, 1 << 20)) {
        int acks = 1 + random.nextInt(3000);
        for (int i = 0; i < acks; i++) {
          take(process.nextLine(), acknowledged);
        }
        process.kill();
        String left = process.nextLine();
        while (left != null) {
          take(left, acknowledged);
          left = process.nextLine();
        }
      }
      List<Long> stored = stored();
      assertThat(stored).as("seed %d, kill %d", seed, kill).isSorted().doesNotHaveDuplicates();
      assertThat(stored).as("seed %d, kill %d", seed, kill).containsAll(acknowledged);
      first = stored.getLast() + 1;
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS);
  }

  private static void take(@Nullable String line, Set<Long> acknowledged) throws IOException {
    if (line == null) {
      throw new IOException("the process ended by itself");
    }
    if (line.startsWith("ack ")) {
      acknowledged.add(Long.parseLong(line.substring(4)));
    } else {
      assertThat(line).isEqualTo("open");
    }
  }

  private List<Long> stored() {
    try (Opened opened =
        Opened.open(
            Opened.config(folder, "shard-0", "shard-1").maxBytesPerEntry(256 << 10).build())) {
      return opened.read("shard-0", Position.START).stream().map(AppendingProcess::number).toList();
    }
  }
}
