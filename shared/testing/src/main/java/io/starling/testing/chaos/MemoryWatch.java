package io.starling.testing.chaos;

import io.starling.testing.history.MemorySample;
import io.starling.testing.region.Region;
import io.starling.testing.region.RegionNode;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** Reads the memory of every node each second. */
final class MemoryWatch implements AutoCloseable {
  private static final long EVERY_MILLIS = 1_000;

  private final Vertx vertx;
  private final long timer;
  private final long bound;
  private final List<MemorySample> samples = new ArrayList<>();

  private MemoryWatch(Vertx vertx, Region region, long bound) {
    this.vertx = vertx;
    this.bound = bound;
    this.timer = vertx.setPeriodic(EVERY_MILLIS, _ -> region.nodes().forEach(this::sample));
  }

  /**
   * Begins.
   *
   * @param beyondHeap bytes that a node may have besides its heap
   */
  static MemoryWatch begin(Vertx vertx, Region region, long beyondHeap) {
    return new MemoryWatch(
        vertx, region, ((long) region.settings().heapMegabytes() << 20) + beyondHeap);
  }

  private void sample(RegionNode node) {
    node.residentBytes()
        .filter(bytes -> bytes > 0)
        .ifPresent(bytes -> add(new MemorySample(node.name(), System.nanoTime(), bytes, bound)));
  }

  private synchronized void add(MemorySample sample) {
    samples.add(sample);
  }

  synchronized List<MemorySample> samples() {
    return List.copyOf(samples);
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
