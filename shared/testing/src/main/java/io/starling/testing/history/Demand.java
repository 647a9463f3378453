package io.starling.testing.history;

import java.util.List;

/** Which of the acknowledged events a sink has to have received in the end. */
public sealed interface Demand {

  /** Every one: a webhook, rows of a database, a stream that is resumed where it ended. */
  record Everything() implements Demand {}

  /**
   * Those that were handed over and acknowledged within one of these spans: a stream that shows
   * what happens while it is open and repeats nothing.
   */
  record Within(List<Span> spans) implements Demand {
    public Within {
      spans = List.copyOf(spans);
    }
  }

  /** From one moment to another. */
  record Span(long fromNanos, long toNanos) {
    /** The time that both have; of none or negative length if they have none. */
    public Span overlap(Span other) {
      return new Span(
          other.fromNanos - fromNanos > 0 ? other.fromNanos : fromNanos,
          other.toNanos - toNanos < 0 ? other.toNanos : toNanos);
    }

    public long nanos() {
      return toNanos - fromNanos;
    }

    boolean contains(Publication event) {
      return event.invokedNanos() - fromNanos >= 0 && event.ackedNanos() - toNanos <= 0;
    }
  }

  /** Whether this acknowledged event is asked for. */
  default boolean includes(Publication event) {
    return switch (this) {
      case Everything() -> true;
      case Within(var spans) -> spans.stream().anyMatch(span -> span.contains(event));
    };
  }
}
