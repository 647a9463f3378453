package io.starling.standalone.operator;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command behind {@code scripts/starling}. Exit status: 0, 1 for a failure, 2 wrong use. */
@Command(
    name = "starling",
    description = "What operators do to a running region.",
    subcommands = {JournalCommand.class, TraceCommand.class},
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
    System.exit(new CommandLine(new StarlingCommand()).execute(args));
  }
}
