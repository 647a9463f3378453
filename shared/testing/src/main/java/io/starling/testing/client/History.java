package io.starling.testing.client;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which publishes of a device the server accepted: one bit each. Thread-safe; what it returns is a
 * snapshot. A publish that is not acknowledged may have reached the server or not.
 */
public final class History {
  /** One publish: its number in the device, from 0, and whether the server accepted it. */
  public record Publication(int sequence, boolean acked) {}

  private final BitSet acked = new BitSet();
  private int published;

  synchronized int next() {
    return published++;
  }

  synchronized void accepted(long sequence) {
    acked.set(Math.toIntExact(sequence));
  }

  /** How many publishes were asked for. */
  public synchronized int published() {
    return published;
  }

  public synchronized int acked() {
    return acked.cardinality();
  }

  public synchronized boolean isAcked(int sequence) {
    return acked.get(sequence);
  }

  /** The numbers of the accepted publishes, ascending. */
  public synchronized List<Integer> ackedSequences() {
    return acked.stream().boxed().toList();
  }

  public synchronized List<Publication> publications() {
    return IntStream.range(0, published)
        .mapToObj(sequence -> new Publication(sequence, acked.get(sequence)))
        .toList();
  }
}
