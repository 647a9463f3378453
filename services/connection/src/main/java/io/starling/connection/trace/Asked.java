package io.starling.connection.trace;

import io.starling.contract.TopicFilter;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants to see.
 *
 * @param duration at most sixty minutes
 * @param share of what matches that is shown, above 0, at most 1
 */
record Asked(Subject subject, Duration duration, double share) {
  static final int MAX_MINUTES = 60;

  private static final int DEFAULT_MINUTES = 10;
  private static final int MAX_ID = 256;
  private static final Set<String> KNOWN = Set.of("device", "topic", "minutes", "sample");

  /**
   * Reads {@code device} or {@code topic}, {@code minutes} and {@code sample}.
   *
   * @throws IllegalArgumentException if they cannot be meant; its message tells why
   */
  static Asked of(MultiMap parameters) {
    for (String name : parameters.names()) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "no such parameter: known are device, topic, minutes and sample");
      }
      if (parameters.getAll(name).size() > 1) {
        throw new IllegalArgumentException(name + " is given twice");
      }
    }
    return new Asked(
        subject(parameters.get("device"), parameters.get("topic")),
        Duration.ofMinutes(minutes(parameters.getAll("minutes"))),
        share(parameters.getAll("sample")));
  }

  private static Subject subject(@Nullable String device, @Nullable String topic) {
    if ((device == null) == (topic == null)) {
      throw new IllegalArgumentException("either device or topic has to be given");
    }
    if (device == null) {
      if (topic == null || !TopicFilter.isValid(topic)) {
        throw new IllegalArgumentException("topic is no topic filter");
      }
      return new Subject.OfTopic(new TopicFilter(topic));
    }
    if (device.isBlank() || device.length() > MAX_ID) {
      throw new IllegalArgumentException("device has 1 to " + MAX_ID + " characters");
    }
    return new Subject.OfClient(device);
  }

  private static int minutes(List<String> given) {
    try {
      int minutes = given.isEmpty() ? DEFAULT_MINUTES : Integer.parseInt(given.getFirst());
      if (minutes >= 1 && minutes <= MAX_MINUTES) {
        return minutes;
      }
    } catch (NumberFormatException _) {
      // As if it were out of bounds.
    }
    throw new IllegalArgumentException("minutes is a whole number, 1 to " + MAX_MINUTES);
  }

  private static double share(List<String> given) {
    try {
      double share = given.isEmpty() ? 1 : Double.parseDouble(given.getFirst());
      if (share > 0 && share <= 1) {
        return share;
      }
    } catch (NumberFormatException _) {
      // As if it were out of bounds.
    }
    throw new IllegalArgumentException("sample is a share, above 0 and at most 1");
  }
}
