package io.starling.webhooks.send;

import io.starling.webhooks.response.Answer;
import org.jspecify.annotations.Nullable;

/**
 * An attempt and what came of it.
 *
 * @param host whom it went to, empty if nobody
 * @param answer what was answered to a request that was taken; null if there was no room to keep it
 * @param timing what its time went into
 * @param talk what may be told of it
 */
public record Exchanged(
    Attempt attempt, String host, @Nullable Answer answer, Timing timing, Talk talk) {

  /** Tells whether there was no request to make: then nobody was asked, and no name looked up. */
  public boolean isUnasked() {
    return host.isEmpty();
  }

  /** Why it was not taken, as Particle says it. */
  public String error() {
    String from = host.isEmpty() ? "" : " from " + host;
    return switch (attempt) {
      case Attempt.Delivered(int status) -> "status " + status + from;
      case Attempt.Refused(int status) -> "error status " + status + from;
      case Attempt.Unavailable(String cause, _) -> "error " + cause + from;
      case Attempt.Impossible(String cause) -> "error " + cause;
    };
  }
}
