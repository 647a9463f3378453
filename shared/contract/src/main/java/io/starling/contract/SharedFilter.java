package io.starling.contract;

import java.util.Optional;

/**
 * The filter of a shared subscription (MQTT 5, section 4.8.2): {@code $share/{name}/{filter}}.
 * Those of an account who subscribe to the same text are one group.
 *
 * @param text as written
 * @param filter what its events match
 */
public record SharedFilter(String text, TopicFilter filter) {
  private static final String PREFIX = "$share/";

  /** Tells whether a text is meant as one, well-formed or not. */
  public static boolean isMeant(String text) {
    return text.startsWith(PREFIX);
  }

  /** Reads one; empty if the name or the filter breaks the rules. */
  public static Optional<SharedFilter> parse(String text) {
    int slash = text.indexOf('/', PREFIX.length());
    if (!isMeant(text) || slash <= PREFIX.length()) {
      return Optional.empty();
    }
    String name = text.substring(PREFIX.length(), slash);
    String filter = text.substring(slash + 1);
    return name.indexOf('+') < 0 && name.indexOf('#') < 0 && TopicFilter.isValid(filter)
        ? Optional.of(new SharedFilter(text, new TopicFilter(filter)))
        : Optional.empty();
  }
}
