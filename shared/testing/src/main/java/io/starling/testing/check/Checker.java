package io.starling.testing.check;

import io.starling.testing.history.Evidence;
import java.util.List;

/** All checks. */
public final class Checker {
  private static final List<Check> ALL =
      List.of(
          new NothingLost(),
          new NothingInvented(),
          new InOrder(),
          new RepliesMatch(),
          new OneOwner(),
          new ComesBack(),
          new BoundedMemory());

  private Checker() {}

  /** Every violation of a run; an empty list is what one hopes for. */
  public static List<Violation> check(Evidence evidence) {
    return ALL.stream().flatMap(check -> check.violations(evidence).stream()).toList();
  }
}
