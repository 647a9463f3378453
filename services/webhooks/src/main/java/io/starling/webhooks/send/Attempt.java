package io.starling.webhooks.send;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of one request to an endpoint. */
public sealed interface Attempt {

  /** It was taken. */
  record Delivered(int status) implements Attempt {}

  /** It was answered with a status that says: not this request. */
  record Refused(int status) implements Attempt {
    /** 410: the endpoint wants no more, ever (Standard Webhooks). */
    public boolean isGone() {
      return status == 410;
    }
  }

  /**
   * It may work later: a status that says so, no connection, no answer in time.
   *
   * @param retryAfter what the endpoint asked for, null if it did not
   */
  record Unavailable(String cause, @Nullable Duration retryAfter) implements Attempt {}

  /** There is no request that could be sent: a template made no URL, or one that is not allowed. */
  record Impossible(String cause) implements Attempt {}

  /** What a status means; {@code retryAfter} counts only where it may work later. */
  static Attempt ofStatus(int status, @Nullable Duration retryAfter) {
    if (status >= 200 && status < 300) {
      return new Delivered(status);
    }
    if (status >= 500 || status == 408 || status == 425 || status == 429) {
      return new Unavailable("status " + status, retryAfter);
    }
    return new Refused(status);
  }
}
