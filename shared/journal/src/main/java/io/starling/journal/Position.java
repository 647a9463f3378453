package io.starling.journal;

/**
 * A place in a log: a Raft entry and a record in it. Positions grow along the log but are not
 * dense: an index may hold no record at all. Stable for the life of the log, equal on all replicas.
 *
 * @param index the Raft index of the entry, from 0
 * @param offset the number of the record in its entry, from 0
 */
public record Position(long index, int offset) implements Comparable<Position> {
  /** Not after any record of any log. */
  public static final Position START = new Position(0, 0);

  public Position {
    if (index < 0 || offset < 0) {
      throw new IllegalArgumentException("negative position " + index + "/" + offset);
    }
  }

  /** The position just behind this record: where a reader that has handled it goes on. */
  public Position next() {
    return new Position(index, offset + 1);
  }

  @Override
  public int compareTo(Position other) {
    int byIndex = Long.compare(index, other.index);
    return byIndex != 0 ? byIndex : Integer.compare(offset, other.offset);
  }

  @Override
  public String toString() {
    return index + "/" + offset;
  }
}
