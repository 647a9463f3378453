package io.starling.standalone.operator;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The command behind {@code scripts/starling}. Exit status: 0; 1 refused or failed; 2 wrong use; 3
 * not for now, or nobody is there; 4 not logged in.
 */
@Command(
    name = "starling",
    description = "What operators do to a running region.",
    subcommands = {
      LoginCommand.class,
      AccountsCommand.class,
      ProductsCommand.class,
      DevicesCommand.class,
      TokensCommand.class,
      HealthCommand.class,
      JournalCommand.class,
      TraceCommand.class,
      CompletionCommand.class
    },
    footer = {
      "",
      "Exit status: 0; 1 refused or failed; 2 wrong use; 3 not for now, or nobody is there; 4 not"
          + " logged in."
    },
    synopsisSubcommandLabel = "COMMAND")
public final class StarlingCommand implements Runnable {
  @Option(names = "--help", usageHelp = true, scope = CommandLine.ScopeType.INHERIT)
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @CommandLine.Spec private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "a command is needed");
  }

  /** Runs it, and ends the process. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** It, with failures told in a line. */
  public static CommandLine commandLine() {
    return new CommandLine(new StarlingCommand())
        .setExecutionExceptionHandler(
            (thrown, line, parsed) -> {
              if (thrown instanceof Failure failure) {
                line.getErr().println("starling: " + failure.getMessage());
                return failure.status();
              }
              throw thrown;
            });
  }
}
