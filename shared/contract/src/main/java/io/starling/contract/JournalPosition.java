package io.starling.contract;

/**
 * A place between two records of one shard's journal.
 *
 * @param index of the entry
 * @param offset of the record in the entry
 */
public record JournalPosition(long index, int offset) implements Comparable<JournalPosition> {
  /** Before everything. */
  public static final JournalPosition START = new JournalPosition(0, 0);

  @Override
  public int compareTo(JournalPosition other) {
    int first = Long.compare(index, other.index);
    return first != 0 ? first : Integer.compare(offset, other.offset);
  }
}
