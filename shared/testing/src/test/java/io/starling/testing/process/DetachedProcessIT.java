package io.starling.testing.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starling.testing.process.DetachedProcess.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetachedProcessIT {
  private static final Launch SLEEP =
      DetachedProcess.apart(Launch.program("sleep", List.of("sleep", "300")));

  @TempDir Path folder;

  @AfterEach
  void end() {
    sleeper().kill();
  }

  @Test
  void isFoundAgainByItsFileFrozenThawedAndKilled() {
    sleeper().start(SLEEP, folder.resolve("log"));
    assertThat(sleeper().state()).isEqualTo(State.RUNNING);
    sleeper().freeze();
    await().until(() -> sleeper().state() == State.FROZEN);
    sleeper().thaw();
    await().until(() -> sleeper().state() == State.RUNNING);
    assertThatThrownBy(() -> sleeper().start(SLEEP, folder.resolve("log")))
        .hasMessage("sleeper runs already");
    sleeper().freeze();
    sleeper().kill();
    assertThat(sleeper().state()).isEqualTo(State.DEAD);
  }

  @Test
  void stopsOrderlyAlsoWhenItIsFrozen() {
    sleeper().start(SLEEP, folder.resolve("log"));
    sleeper().freeze();
    assertThat(sleeper().stop(Duration.ofSeconds(20))).isTrue();
    assertThat(sleeper().state()).isEqualTo(State.DEAD);
  }

  @Test
  void neverTouchesAnotherProcessThatGotItsId() throws IOException {
    var other = ProcessHandle.current().pid();
    Files.writeString(folder.resolve("pid"), other + " 1\n");
    assertThat(sleeper().state()).isEqualTo(State.DEAD);
    sleeper().kill();
    assertThat(sleeper().stop(Duration.ofSeconds(1))).isTrue();
  }

  @Test
  void ignoresATornFile() throws IOException {
    Files.writeString(folder.resolve("pid"), "12");
    assertThat(sleeper().state()).isEqualTo(State.DEAD);
  }

  private DetachedProcess sleeper() {
    return new DetachedProcess("sleeper", folder.resolve("pid"));
  }
}
