package io.starling.postgres;

import java.time.Instant;

/** Whether there is a primary to work with, as far as is known right now. */
public sealed interface DatabaseHealth {
  /** Since when it has been so. */
  Instant since();

  /** Whether calls are worth making. */
  default boolean isUp() {
    return this instanceof Up;
  }

  /**
   * There is one.
   *
   * @param primary its host and port
   */
  record Up(String primary, Term term, Instant since) implements DatabaseHealth {}

  /**
   * There is none, or it has not been found yet.
   *
   * @param reason for an operator: what each candidate answered
   */
  record Down(String reason, Instant since) implements DatabaseHealth {}
}
