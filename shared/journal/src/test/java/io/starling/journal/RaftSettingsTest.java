package io.starling.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.journal.membership.JournalAddress;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.junit.jupiter.api.Test;

final class RaftSettingsTest {
  private final JournalConfig config =
      JournalConfig.of(Path.of("unused"), List.of(LogConfig.of("shard-0"))).build();
  private final RaftProperties properties =
      RaftSettings.of(
          config, new JournalAddress("127.0.0.1", 1), Path.of("raft"), Path.of("removed"));

  @Test
  void fsyncsEveryEntryBeforeItCounts() {
    assertThat(Log.unsafeFlushEnabled(properties)).isFalse();
    assertThat(Log.asyncFlushEnabled(properties)).isFalse();
    assertThat(Log.useMemory(properties)).isFalse();
    assertThat(Log.forceSyncNum(properties)).isEqualTo(1);
  }

  @Test
  void neverCutsAcknowledgedEntries() {
    assertThat(Log.corruptionPolicy(properties)).isEqualTo(Log.CorruptionPolicy.EXCEPTION);
  }

  @Test
  void takesTheLargestEntryIntoItsBuffers() {
    int largest = config.maxBytesPerEntry() + 5 * Entry.MAX_RECORDS;
    assertThat(Log.Appender.bufferByteLimit(properties).getSizeInt()).isGreaterThan(largest);
    assertThat(Log.writeBufferSize(properties).getSizeInt())
        .isGreaterThan(Log.Appender.bufferByteLimit(properties).getSizeInt() + 8);
  }
}
