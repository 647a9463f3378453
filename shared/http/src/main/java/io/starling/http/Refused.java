package io.starling.http;

/** Hears of each answer that is an error, once it is on its way. Neither fails nor waits. */
@FunctionalInterface
public interface Refused {
  /**
   * Hears of one.
   *
   * @param exchange with the principal if one was known
   */
  void heard(Exchange exchange, Answer.Whole answer);
}
