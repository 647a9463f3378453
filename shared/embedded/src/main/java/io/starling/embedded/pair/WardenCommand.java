package io.starling.embedded.pair;

import io.starling.embedded.EmbeddedDatabaseException;
import io.starling.embedded.pair.PairSettings.Address;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command that keeps a pair and tells it what to do. Exit codes: 0, 1 failed, 2 usage. */
public final class WardenCommand {
  private static final String HELP =
      """
      Usage: warden FOLDER COMMAND [options]
      Keeps the PostgreSQL pair of a region, servers a and b, in FOLDER.

        create --a ADDRESS:PORT --b ADDRESS:PORT [--silence SECONDS]
                          says what the pair is; starts nothing
        keep              keeps it in the foreground; prints a line for everything it does
        start             starts both (makes them the first time); ends when both hold all
        stop              stops both on purpose: the warden looks on until start
        start|stop|kill|freeze|thaw a|b
                          one server; stopped and killed ones stay down until start
        promote a|b [--force]
                          makes the standby the primary; --force: also if it may lack something
        status            prints JSON on one line; FOLDER/status.json is what the warden saw last
        uris              prints what STARLING_DATABASE wants to know

      A primary that is silent for --silence (10) seconds is replaced by the standby if that was in
      sync; a standby that is gone for as long is no longer waited for.
      Exit code: 0; 1 when it could not be done; 2 for wrong usage.
      """;
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final PrintStream out;
  private final Path folder;
  private final Deque<String> words;

  private WardenCommand(PrintStream out, Path folder, Deque<String> words) {
    this.out = out;
    this.folder = folder;
    this.words = words;
  }

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), out, err));
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.contains("--help")) {
      out.print(HELP);
      return 0;
    }
    if (arguments.size() < 2) {
      err.print(HELP);
      return 2;
    }
    Deque<String> words = new ArrayDeque<>(arguments.subList(1, arguments.size()));
    try {
      new WardenCommand(out, Path.of(arguments.getFirst()), words).run();
      return 0;
    } catch (IllegalArgumentException e) {
      err.println("warden: " + e.getMessage() + "; see --help");
      return 2;
    } catch (EmbeddedDatabaseException e) {
      err.println("warden: " + e.getMessage());
      return 1;
    }
  }

  private void run() {
    String command = words.removeFirst();
    switch (command) {
      case "create" -> create();
      case "keep" -> pair().keep();
      case "start" -> start();
      case "stop", "kill", "freeze", "thaw" -> act(command);
      case "promote" -> promote();
      case "status" -> out.println(pair().status().toJson());
      case "uris" -> out.println(pair().uris());
      default -> throw new IllegalArgumentException("unknown command '" + command + "'");
    }
  }

  private void create() {
    Address a = null;
    Address b = null;
    Duration silence = null;
    while (!words.isEmpty()) {
      String option = words.removeFirst();
      switch (option) {
        case "--a" -> a = Address.parse(value(option));
        case "--b" -> b = Address.parse(value(option));
        case "--silence" -> silence = seconds(value(option));
        default -> throw new IllegalArgumentException("unknown option '" + option + "'");
      }
    }
    if (a == null || b == null) {
      throw new IllegalArgumentException("create needs --a and --b");
    }
    PairSettings settings = PairSettings.durable(a, b);
    DatabasePair _ =
        DatabasePair.open(
            folder, silence == null ? settings : settings.withSilence(silence), out::println);
  }

  private void start() {
    String name = words.pollFirst();
    DatabasePair pair = pair();
    PairStatus status =
        name == null ? pair.start(START_LIMIT) : pair.start(checked(name), START_LIMIT);
    out.println(status.toJson());
  }

  private void act(String command) {
    String name = words.pollFirst();
    DatabasePair pair = pair();
    switch (command) {
      case "stop" -> {
        if (name == null) {
          pair.stop();
        } else {
          pair.stop(checked(name));
        }
      }
      case "kill" -> pair.kill(checked(name));
      case "freeze" -> pair.freeze(checked(name));
      default -> pair.thaw(checked(name));
    }
  }

  private void promote() {
    String name = checked(words.pollFirst());
    boolean force = "--force".equals(words.pollFirst());
    pair().promote(name, force);
  }

  private DatabasePair pair() {
    return DatabasePair.open(folder, out::println);
  }

  private String value(String option) {
    String value = words.pollFirst();
    if (value == null) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return value;
  }

  private static String checked(@Nullable String name) {
    if (name == null || !(name.equals("a") || name.equals("b"))) {
      throw new IllegalArgumentException("say which server: a or b");
    }
    return name;
  }

  private static Duration seconds(String text) {
    try {
      return Duration.ofSeconds(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number of seconds", e);
    }
  }
}
