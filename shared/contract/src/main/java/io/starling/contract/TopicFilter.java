package io.starling.contract;

/**
 * An MQTT topic filter (MQTT 5, section 4.7): levels between slashes, {@code +} for one level,
 * {@code #} for the rest.
 *
 * @param text the filter as written
 */
public record TopicFilter(String text) {

  /**
   * Checks the rules of MQTT 5, sections 4.7.1 and 4.7.3.
   *
   * @throws IllegalArgumentException if the text is no topic filter
   */
  public TopicFilter {
    if (!isValid(text)) {
      throw new IllegalArgumentException("not a topic filter");
    }
  }

  /** Tells whether the text is a well-formed filter. */
  public static boolean isValid(String text) {
    if (text.isEmpty() || text.length() > 65_535 || text.indexOf('\0') >= 0) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c == '#' || c == '+') && i > 0 && text.charAt(i - 1) != '/') {
        return false;
      }
      if (c == '#' && i != text.length() - 1) {
        return false;
      }
      if (c == '+' && i < text.length() - 1 && text.charAt(i + 1) != '/') {
        return false;
      }
    }
    return true;
  }

  /** Tells whether the text may be published to: not empty, no wildcards, no U+0000. */
  public static boolean isTopicName(String text) {
    return !text.isEmpty()
        && text.indexOf('#') < 0
        && text.indexOf('+') < 0
        && text.indexOf('\0') < 0;
  }

  /**
   * Tells whether a topic name matches; wildcards in front do not match names that start with
   * {@code $} (MQTT-4.7.2-1).
   */
  public boolean matches(String name) {
    if (name.startsWith("$") && (text.startsWith("#") || text.startsWith("+"))) {
      return false;
    }
    int f = 0;
    int n = 0;
    while (f < text.length()) {
      char c = text.charAt(f);
      if (c == '#') {
        return true;
      }
      if (c == '+') {
        while (n < name.length() && name.charAt(n) != '/') {
          n++;
        }
        f++;
      } else if (n < name.length() && name.charAt(n) == c) {
        f++;
        n++;
      } else {
        // "a/#" matches "a" as well: the parent level belongs to the multi-level wildcard.
        return n == name.length()
            && c == '/'
            && f + 2 == text.length()
            && text.charAt(f + 1) == '#';
      }
    }
    return n == name.length();
  }
}
