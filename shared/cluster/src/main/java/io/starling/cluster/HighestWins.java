package io.starling.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import io.starling.bootstrap.cluster.SessionEntry;
import org.jspecify.annotations.Nullable;

/**
 * How soft state merges after a split: the entry of the highest rank wins, whichever side it comes
 * from; of two that are equal, or that cannot be read, the one that is there stays. Stateless; made
 * by Hazelcast by the name of a subclass, on the side that takes the entries.
 */
public abstract sealed class HighestWins
    implements SplitBrainMergePolicy<String, MergingValue<String>, Object> {

  /** Tells whether the entry that comes in ranks above the one that is there. */
  abstract boolean beats(String merging, String existing);

  @Override
  public final @Nullable Object merge(
      @Nullable MergingValue<String> merging, @Nullable MergingValue<String> existing) {
    if (merging == null) {
      return existing == null ? null : existing.getRawValue();
    }
    return existing == null || wins(merging.getDeserializedValue(), existing.getDeserializedValue())
        ? merging.getRawValue()
        : existing.getRawValue();
  }

  private boolean wins(@Nullable String merging, @Nullable String existing) {
    if (merging == null || existing == null) {
      return existing == null;
    }
    try {
      return beats(merging, existing);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  @Override
  public final void writeData(ObjectDataOutput out) {
    // It has no state.
  }

  @Override
  public final void readData(ObjectDataInput in) {
    // It has no state.
  }

  /** For {@code sessions}: the highest epoch; of one epoch, what was heard of last. */
  public static final class Epoch extends HighestWins {
    /** Made by Hazelcast. */
    public Epoch() {}

    @Override
    boolean beats(String merging, String existing) {
      var theirs = SessionEntry.read(merging);
      var ours = SessionEntry.read(existing);
      return theirs.epoch() == ours.epoch()
          ? theirs.lastHeardMillis() > ours.lastHeardMillis()
          : theirs.epoch() > ours.epoch();
    }
  }
}
