package io.starling.contract;

import java.util.Comparator;

/**
 * How far the configuration feed has read: every transaction of this database term below {@code
 * transaction} is in the directory, and of that transaction itself the changes up to {@code
 * sequence}.
 *
 * @param term the database's restore number
 * @param transaction a PostgreSQL transaction id ({@code xid8})
 * @param sequence of the last change taken from that transaction, 0 for none
 */
public record FeedPosition(long term, long transaction, long sequence)
    implements Comparable<FeedPosition> {
  /** Nothing was read. */
  public static final FeedPosition START = new FeedPosition(0, 0, 0);

  private static final Comparator<FeedPosition> ORDER =
      Comparator.comparingLong(FeedPosition::term)
          .thenComparingLong(FeedPosition::transaction)
          .thenComparingLong(FeedPosition::sequence);

  @Override
  public int compareTo(FeedPosition other) {
    return ORDER.compare(this, other);
  }

  /** Tells whether all of a transaction is in. */
  public boolean includes(long ofTerm, long wholeTransaction) {
    return term > ofTerm || (term == ofTerm && transaction > wholeTransaction);
  }
}
