package io.starling.bootstrap.settings;

import java.util.List;

/** The settings do not allow a start; the message has a line for each mistake, without secrets. */
public final class InvalidSettings extends RuntimeException {
  private final List<String> mistakes;

  InvalidSettings(List<String> mistakes) {
    super(String.join("\n", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** Each mistake, as {@code NAME=value: why}. */
  public List<String> mistakes() {
    return mistakes;
  }
}
