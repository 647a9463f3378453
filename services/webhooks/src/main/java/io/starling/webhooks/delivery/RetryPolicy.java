package io.starling.webhooks.delivery;

import io.starling.webhooks.send.Attempt;
import io.starling.webhooks.send.Attempt.Delivered;
import io.starling.webhooks.send.Attempt.Impossible;
import io.starling.webhooks.send.Attempt.Refused;
import io.starling.webhooks.send.Attempt.Unavailable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows an attempt: exponential back-off with full jitter while the endpoint may
 * come back, a few attempts where it refuses. Pure.
 *
 * @param first the upper bound of the first pause
 * @param longest the upper bound of any pause
 * @param maxAge how old an event may become before it is given up
 */
public record RetryPolicy(Duration first, Duration longest, Duration maxAge) {
  /** How often a delivery that is refused is tried. */
  static final int REFUSED_ATTEMPTS = 3;

  /** The longest pause between attempts of what is parked. */
  private static final Duration LONGEST_PARKED = Duration.ofHours(6);

  /** The longest Retry-After that is honoured in memory. */
  static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(10);

  /** What follows. */
  public sealed interface Next {}

  /** Nothing: it was delivered. */
  public record Done() implements Next {}

  /** Another attempt. */
  public record RetryIn(Duration pause) implements Next {}

  /** No more attempts. */
  public record GiveUp(String reason) implements Next {}

  /**
   * What follows an attempt.
   *
   * @param made attempts made with this delivery, this one counted
   * @param age of the event
   * @param random from 0 to 1
   */
  public Next after(Attempt attempt, int made, Duration age, double random) {
    return switch (attempt) {
      case Delivered _ -> new Done();
      case Refused refused when made >= REFUSED_ATTEMPTS || refused.isGone() ->
          new GiveUp("endpoint answered " + refused.status());
      case Refused _ -> new RetryIn(pause(made, random));
      case Impossible(String cause) -> new GiveUp(cause);
      case Unavailable(String cause, Duration asked) -> {
        var pause = longer(pause(made, random), asked);
        yield age.plus(pause).compareTo(maxAge) > 0
            ? new GiveUp("too old after " + made + " attempts: " + cause)
            : new RetryIn(pause);
      }
    };
  }

  /** A pause after so many failures in a row: from nothing to an exponentially growing bound. */
  public Duration pause(int failures, double random) {
    long bound = first.toMillis() << Math.min(Math.max(failures - 1, 0), 30);
    long capped = bound <= 0 ? longest.toMillis() : Math.min(bound, longest.toMillis());
    return Duration.ofMillis((long) (capped * random));
  }

  /** The same for what is parked, which waits without memory: with longer pauses. */
  RetryPolicy parked() {
    return new RetryPolicy(first, LONGEST_PARKED, maxAge);
  }

  private Duration longer(Duration pause, @Nullable Duration asked) {
    if (asked == null || asked.compareTo(pause) <= 0) {
      return pause;
    }
    var most = longest.compareTo(MAX_RETRY_AFTER) > 0 ? longest : MAX_RETRY_AFTER;
    return asked.compareTo(most) < 0 ? asked : most;
  }
}
