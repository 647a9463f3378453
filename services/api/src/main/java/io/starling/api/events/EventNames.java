package io.starling.api.events;

import io.starling.contract.Event;
import io.starling.contract.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which names an app may give to its events. */
final class EventNames {
  private EventNames() {}

  /** Why not; empty if the name is fine. */
  static Optional<String> whyNot(String name) {
    if (name.isEmpty()) {
      return Optional.of("name is required");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > Event.MAX_NAME_BYTES) {
      return Optional.of("name is longer than " + Event.MAX_NAME_BYTES + " bytes");
    }
    if (!TopicFilter.isTopicName(name)
        || name.startsWith("$")
        || hasControl(name)
        || !isText(name)) {
      return Optional.of("name has characters that are not allowed");
    }
    if (name.startsWith("spark") || name.startsWith("particle")) {
      return Optional.of("names that start with spark or particle are reserved");
    }
    return Optional.empty();
  }

  private static boolean hasControl(String name) {
    return name.chars().anyMatch(c -> c < ' ' || c == 0x7f);
  }

  /** Half a surrogate pair is no character; it would arrive as something else. */
  private static boolean isText(String name) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(name);
  }
}
