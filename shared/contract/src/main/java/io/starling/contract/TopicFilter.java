package io.starling.contract;

/**
 * An MQTT topic filter (MQTT 5, section 4.7): levels between slashes, {@code +} for one level,
 * {@code #} for the rest.
 *
 * @param text the filter as written
 */
public record TopicFilter(String text) {
  private static final String ONE = "+";
  private static final String REST = "#";

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

  /** Tells whether every topic name that another filter matches is matched by this one too. */
  public boolean covers(TopicFilter other) {
    var mine = levels();
    var others = other.levels();
    if (isApart(mine, others)) {
      return false;
    }
    for (int i = 0; i < mine.length; i++) {
      if (mine[i].equals(REST)) {
        return true;
      }
      if (i >= others.length || others[i].equals(REST)) {
        return false;
      }
      if (!mine[i].equals(ONE) && !mine[i].equals(others[i])) {
        return false;
      }
    }
    return mine.length == others.length;
  }

  /** Tells whether there is a topic name that both this and another filter match. */
  public boolean intersects(TopicFilter other) {
    var mine = levels();
    var others = other.levels();
    if (isApart(mine, others) || isApart(others, mine)) {
      return false;
    }
    int both = Math.min(mine.length, others.length);
    for (int i = 0; i < both; i++) {
      if (mine[i].equals(REST) || others[i].equals(REST)) {
        return true;
      }
      if (!mine[i].equals(ONE) && !others[i].equals(ONE) && !mine[i].equals(others[i])) {
        return false;
      }
    }
    // What is left may be the wildcard whose parent level the other one ends with.
    return mine.length == others.length
        || (mine.length == both + 1 && mine[both].equals(REST))
        || (others.length == both + 1 && others[both].equals(REST));
  }

  /** Tells whether the first would match the second's names but for their {@code $}. */
  private static boolean isApart(String[] wild, String[] plain) {
    return plain[0].startsWith("$") && (wild[0].equals(ONE) || wild[0].equals(REST));
  }

  /** Its levels; of two ways to write the same, one: no topic name is empty. */
  private String[] levels() {
    return switch (text) {
      case "+/#" -> new String[] {REST};
      case "/#" -> new String[] {"", ONE, REST};
      default -> text.split("/", -1);
    };
  }
}
