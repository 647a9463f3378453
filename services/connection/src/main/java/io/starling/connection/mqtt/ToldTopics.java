package io.starling.connection.mqtt;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The topics for which a client of MQTT 5 is sent a number instead (section 3.3.2.3.4): those that
 * it was sent last. Costs nothing until the first. Of one connection; belongs to its event loop.
 */
final class ToldTopics {
  /** More are seldom in use at a time, and all are looked after. */
  private static final int MOST = 32;

  /** For a client that takes none. */
  static final ToldTopics NONE = new ToldTopics(0);

  private final int maximum;
  private Map<String, Integer> aliases = Map.of();

  private ToldTopics(int maximum) {
    this.maximum = maximum;
  }

  /** For as many aliases as the client takes. */
  static ToldTopics of(int clientMaximum) {
    return clientMaximum == 0 ? NONE : new ToldTopics(Math.min(clientMaximum, MOST));
  }

  /** Tells whether the client takes aliases. */
  boolean isAny() {
    return maximum > 0;
  }

  /**
   * The alias of a topic, if the client takes any. Positive if it knows this one, then the topic
   * need not be sent; negative if it has to be told that this is its alias from now on.
   */
  int of(String topic) {
    if (aliases.isEmpty()) {
      aliases = new LinkedHashMap<>(2 * maximum, 0.75f, true);
    }
    var known = aliases.get(topic);
    if (known != null) {
      return known;
    }
    int alias = aliases.size() + 1;
    if (alias > maximum) {
      var oldest = aliases.entrySet().iterator().next();
      alias = oldest.getValue();
      aliases.remove(oldest.getKey());
    }
    aliases.put(topic, alias);
    return -alias;
  }
}
