package io.starling.http.rate;

import java.util.function.BiPredicate;

/**
 * A limit on some routes.
 *
 * @param name as it stands in the headers: letters and hyphens
 * @param routes which, by method and pattern
 */
public record Rule(String name, By by, Rate rate, BiPredicate<String, String> routes) {
  /** Whose requests are counted together. */
  public enum By {
    /** Of an address, or an IPv6 /64. */
    ADDRESS,
    /** With a token. */
    TOKEN,
    /** With any token of an account. */
    ACCOUNT
  }

  /** A limit on all routes. */
  public static Rule everywhere(String name, By by, Rate rate) {
    return new Rule(name, by, rate, (method, pattern) -> true);
  }
}
