package io.starling.embedded.pair;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WardenCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void helps() {
    assertThat(run("--help")).isZero();
    assertThat(text(out)).contains("Usage: warden FOLDER COMMAND", "promote a|b [--force]");
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(run("x")).isEqualTo(2);
    assertThat(run("x", "dance")).isEqualTo(2);
    assertThat(run("x", "create", "--a", "127.0.0.1:1")).isEqualTo(2);
    assertThat(run("x", "create", "--a", "here", "--b", "127.0.0.1:1")).isEqualTo(2);
    assertThat(run("x", "create", "--a", "127.0.0.1:1", "--b", "127.0.0.1:1")).isEqualTo(2);
    assertThat(run("x", "status")).isEqualTo(1);
    assertThat(text(err))
        .contains(
            "unknown command 'dance'",
            "create needs --a and --b",
            "'here' is not address:port",
            "both servers are at 127.0.0.1:1",
            "there is no pair in");
  }

  @Test
  void remembersWhatThePairIs() {
    assertThat(
            run("x", "create", "--a", "127.0.1.1:5441", "--b", "127.0.1.2:5442", "--silence", "7"))
        .isZero();
    assertThat(run("x", "kill", "c")).isEqualTo(2);
    assertThat(text(err)).contains("say which server: a or b");
    assertThat(run("x", "status")).isZero();
    assertThat(text(out))
        .contains("\"state\":\"no_primary\"", "\"address\":\"127.0.1.2:5442\"", "\"pid\":null");
    assertThat(PairSettings.read(folder.resolve("x")).silence()).hasSeconds(7);
  }

  private int run(String... words) {
    List<String> arguments =
        words.length > 1
            ? List.of(
                List.of(words).stream()
                    .map(word -> word.equals("x") ? folder.resolve("x").toString() : word)
                    .toArray(String[]::new))
            : List.of(words);
    return WardenCommand.run(
        arguments,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
