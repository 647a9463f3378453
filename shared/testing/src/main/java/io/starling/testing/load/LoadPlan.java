package io.starling.testing.load;

import io.starling.testing.client.Target;
import java.util.List;

/**
 * What the connections of a load are like.
 *
 * @param sources local addresses that they come from, in turn; empty: the system's choice
 * @param topic of nine in ten messages
 * @param tenthTopic of every tenth message
 * @param keepAliveSeconds announced; nothing pings, so a load must end before it
 */
public record LoadPlan(
    Target target,
    List<String> sources,
    String topic,
    String tenthTopic,
    int payloadBytes,
    int eventLoops,
    int keepAliveSeconds) {

  public LoadPlan {
    sources = List.copyOf(sources);
  }

  /** 256 bytes, one topic, two event loops, a keep alive of 20 minutes. */
  public static LoadPlan of(Target target) {
    return new LoadPlan(target, List.of(), "bench/temp", "bench/temp", 256, 2, 1_200);
  }

  public LoadPlan withTenthTopic(String other) {
    return new LoadPlan(target, sources, topic, other, payloadBytes, eventLoops, keepAliveSeconds);
  }

  public LoadPlan withPayloadBytes(int other) {
    return new LoadPlan(target, sources, topic, tenthTopic, other, eventLoops, keepAliveSeconds);
  }

  public LoadPlan withSources(List<String> others) {
    return new LoadPlan(
        target, others, topic, tenthTopic, payloadBytes, eventLoops, keepAliveSeconds);
  }
}
