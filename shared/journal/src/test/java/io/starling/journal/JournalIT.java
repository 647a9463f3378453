package io.starling.journal;

import static io.starling.journal.Opened.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalIT {
  @TempDir Path folder;

  @Test
  void readsBackWhatWasAppendedInOrder() {
    try (Opened opened = Opened.open(folder, "shard-0", "shard-1")) {
      List<Future<Position>> appends = new ArrayList<>();
      List<String> payloads = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        payloads.add("event " + i);
        appends.add(opened.log("shard-0").append(Buffer.buffer("event " + i)));
      }
      done(Future.all(appends));
      assertThat(opened.read("shard-0", Position.START)).isEqualTo(payloads);
      assertThat(opened.read("shard-1", Position.START)).isEmpty();
      assertThat(appends.stream().map(Future::result)).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void keepsRecordsAndCursorsAcrossARestart() {
    Position second;
    try (Opened opened = Opened.open(folder, "shard-0")) {
      Position first = opened.append("shard-0", "one");
      second = opened.append("shard-0", "two");
      assertThat(second).isGreaterThan(first);
      done(opened.log("shard-0").commitCursor("drain", second));
    }
    try (Opened opened = Opened.open(folder, "shard-0")) {
      assertThat(opened.read("shard-0", Position.START)).containsExactly("one", "two");
      assertThat(opened.log("shard-0").cursors()).containsEntry("drain", second);
      assertThat(opened.read("shard-0", second)).containsExactly("two");
    }
  }
}
