package io.starling.standalone.operator;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets a shell complete the commands. */
@Command(
    name = "completion",
    description = "Prints what lets bash and zsh complete: source <(scripts/starling completion)")
final class CompletionCommand implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    out.print(AutoComplete.bash("starling", spec.root().commandLine()));
    out.flush();
  }
}
