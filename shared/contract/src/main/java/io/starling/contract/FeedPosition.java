package io.starling.contract;

/**
 * How far the configuration feed has read: every transaction of this database term below {@code
 * transaction} is in the directory.
 *
 * @param term the database's restore number
 * @param transaction a PostgreSQL transaction id ({@code xid8}): the oldest that could still be
 *     running when the feed read
 */
public record FeedPosition(long term, long transaction) implements Comparable<FeedPosition> {
  /** Nothing was read. */
  public static final FeedPosition START = new FeedPosition(0, 0);

  @Override
  public int compareTo(FeedPosition other) {
    int first = Long.compare(term, other.term);
    return first != 0 ? first : Long.compare(transaction, other.transaction);
  }
}
