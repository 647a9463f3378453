package io.starling.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheIT {
  @TempDir Path folder;

  @Test
  void isMadeOnceWhenSeveralMakeItAtTheSameTime() throws Exception {
    Path made = folder.resolve("made");
    CountDownLatch all = new CountDownLatch(4);
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> makers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        makers.add(
            threads.submit(
                () -> {
                  Cache.publish(
                      made,
                      half -> {
                        Files.createDirectory(half);
                        all.countDown();
                        awaitQuietly(all);
                        Files.writeString(half.resolve("whole"), "yes");
                      });
                  assertThat(made.resolve("whole")).hasContent("yes");
                  return null;
                }));
      }
      for (Future<?> maker : makers) {
        maker.get();
      }
    }
    assertThat(files()).containsExactly("made");
  }

  @Test
  void leavesNothingOfAMakingThatFailed() throws IOException {
    assertThatThrownBy(
            () ->
                Cache.publish(
                    folder.resolve("made"),
                    half -> {
                      Files.createDirectory(half);
                      throw new IOException("full");
                    }))
        .hasMessage("full");
    assertThat(files()).isEmpty();
  }

  @Test
  void sweepsWhatAKilledMakerLeftLongAgo() throws IOException {
    Path left = Files.createDirectory(folder.resolve(".making-long-ago"));
    Files.writeString(left.resolve("half"), "");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    Files.createDirectory(folder.resolve(".making-right-now"));
    Cache.publish(folder.resolve("made"), Files::createDirectory);
    assertThat(files()).containsExactlyInAnyOrder("made", ".making-right-now");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
