package io.starling.testing.region;

import io.starling.testing.process.AtExit;
import io.starling.testing.process.Launch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Runs a command where it can reach the nodes: right here, or, for a region with namespaces, once
 * more in a JVM within the hub, with the same arguments and the same terminal.
 */
public final class Inside {
  private Inside() {}

  /** Runs it where the region is; if its namespaces are gone, so is all that could be reached. */
  static int run(Region region, Class<?> main, String[] arguments, IntSupplier action) {
    return region.namespaces().filter(Namespaces::exist).isPresent()
        ? runFirst(region, main, arguments, action)
        : action.getAsInt();
  }

  /**
   * The same for what starts a region: makes the hub if it is not there.
   *
   * @return the exit code of the action, wherever it ran
   */
  public static int runFirst(Region region, Class<?> main, String[] arguments, IntSupplier action) {
    var spaces = region.namespaces();
    if (spaces.isEmpty() || spaces.get().isInside()) {
      return action.getAsInt();
    }
    Namespaces.require();
    spaces.get().create();
    var flags = ManagementFactory.getRuntimeMXBean().getInputArguments();
    var command = new ArrayList<>(spaces.get().inHub());
    command.addAll(Launch.java(main, flags, List.of(arguments)).command());
    try {
      var builder = new ProcessBuilder(command).inheritIO();
      var _ = builder.environment().put(Namespaces.INSIDE, spaces.get().hub());
      var inside = builder.start();
      // Ctrl-C reaches both; the one inside has things to end, and the terminal waits for this one.
      try (var _ = AtExit.run(() -> inside.onExit().join())) {
        return inside.waitFor();
      }
    } catch (IOException e) {
      throw new IllegalStateException("could not go into the hub: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
