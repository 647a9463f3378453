package io.starling.testing.chaos;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What has to be well before all is, and how long each of it was not. Not thread-safe. */
final class Conditions {
  private final Map<String, Supplier<Optional<String>>> wrong = new LinkedHashMap<>();
  private final Map<String, String> lastWrong = new LinkedHashMap<>();
  private final long fromNanos;

  /** Counted from then. */
  Conditions(long fromNanos) {
    this.fromNanos = fromNanos;
  }

  /**
   * One more.
   *
   * @param what is wrong, empty if nothing
   */
  Conditions with(String name, Supplier<Optional<String>> what) {
    wrong.put(name, what);
    return this;
  }

  /** Looks at each; true if all are well now. */
  boolean areMet() {
    var met = true;
    for (var one : wrong.entrySet()) {
      var what = one.getValue().get();
      if (what.isPresent()) {
        met = false;
        lastWrong.put(
            one.getKey(),
            "%s %.1f s%s"
                .formatted(
                    one.getKey(),
                    (System.nanoTime() - fromNanos) / 1e9,
                    what.get().isEmpty() ? "" : " (" + what.get() + ")"));
      }
    }
    return met;
  }

  /** How long each was not well, and why at last. */
  String text() {
    return lastWrong.values().stream().collect(Collectors.joining(", "));
  }
}
