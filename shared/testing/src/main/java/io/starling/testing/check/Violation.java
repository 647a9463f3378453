package io.starling.testing.check;

/**
 * A promise was broken.
 *
 * @param promise of the check that saw it
 * @param what happened, with the events concerned
 */
public record Violation(String promise, String what) {
  @Override
  public String toString() {
    return promise + ": " + what;
  }
}
