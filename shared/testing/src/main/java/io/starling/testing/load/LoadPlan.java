package io.starling.testing.load;

import io.starling.testing.client.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a load are like.
 *
 * @param sources local addresses that they come from, in turn; empty: the system's choice
 * @param topic of nine in ten messages
 * @param tenthTopic of every tenth message
 * @param qos of all messages, 0 or 1
 * @param keepAliveSeconds announced; nothing pings, so a load must end before it
 */
public record LoadPlan(
    Target target,
    List<String> sources,
    Pattern pattern,
    String topic,
    String tenthTopic,
    int qos,
    int payloadBytes,
    int eventLoops,
    int keepAliveSeconds) {

  /** Who publishes, and who subscribes. */
  public enum Pattern {
    /** All publish, nobody subscribes. */
    FAN_IN,
    /** Each publishes to its neighbour: 0 to 1, 1 to 0, 2 to 3. */
    PAIRS,
    /** The first publishes, all others get it. */
    FAN_OUT,
    /** The first half publish, the other half take turns at getting it. */
    SHARED
  }

  public LoadPlan {
    sources = List.copyOf(sources);
  }

  /** Fan-in at QoS 1, 256 bytes, one topic, two event loops, a keep alive of 20 minutes. */
  public static LoadPlan of(Target target) {
    return new LoadPlan(
        target, List.of(), Pattern.FAN_IN, "bench/temp", "bench/temp", 1, 256, 2, 1_200);
  }

  /** All messages to this one. */
  public LoadPlan withTopic(String other) {
    return new LoadPlan(
        target, sources, pattern, other, other, qos, payloadBytes, eventLoops, keepAliveSeconds);
  }

  public LoadPlan withTenthTopic(String other) {
    return new LoadPlan(
        target, sources, pattern, topic, other, qos, payloadBytes, eventLoops, keepAliveSeconds);
  }

  public LoadPlan withPayloadBytes(int other) {
    return new LoadPlan(
        target, sources, pattern, topic, tenthTopic, qos, other, eventLoops, keepAliveSeconds);
  }

  public LoadPlan withSources(List<String> others) {
    return new LoadPlan(
        target,
        others,
        pattern,
        topic,
        tenthTopic,
        qos,
        payloadBytes,
        eventLoops,
        keepAliveSeconds);
  }

  /** With these roles, at this QoS. */
  public LoadPlan with(Pattern other, int otherQos) {
    return new LoadPlan(
        target,
        sources,
        other,
        topic,
        tenthTopic,
        otherQos,
        payloadBytes,
        eventLoops,
        keepAliveSeconds);
  }

  /** What a connection subscribes to, at the QoS of the messages; null if to nothing. */
  @Nullable String filter(int index, int connections) {
    return switch (pattern) {
      case FAN_IN -> null;
      case PAIRS -> "bench/pair/" + index;
      case FAN_OUT -> index == 0 ? null : topic;
      case SHARED -> index < publishers(connections) ? null : "$share/bench/" + topic;
    };
  }

  /** How many connections publish, from the first. */
  int publishers(int connections) {
    return switch (pattern) {
      case FAN_IN, PAIRS -> connections;
      case FAN_OUT -> 1;
      case SHARED -> connections / 2;
    };
  }

  Frames often(int index) {
    return new Frames(
        pattern == Pattern.PAIRS ? "bench/pair/" + (index ^ 1) : topic, payloadBytes, qos);
  }

  Frames tenth(int index) {
    return pattern == Pattern.PAIRS ? often(index) : new Frames(tenthTopic, payloadBytes, qos);
  }
}
