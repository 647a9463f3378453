package io.starling.contract;

import org.jspecify.annotations.Nullable;

/**
 * One row of configuration as a transaction left it.
 *
 * @param kind the table: account, token, device, product, integration
 * @param key the row's primary key
 * @param term the database's restore number at the time; a higher term wins over a lower one
 * @param sequence grows with each change of the same row (taken under the row's lock); the higher
 *     one wins within a term
 * @param row the row as a JSON object with the column names as keys, null if it was deleted
 */
public record Change(String kind, String key, long term, long sequence, @Nullable String row) {

  /** Tells whether this change replaces another of the same row. */
  public boolean isNewerThan(Change other) {
    return term != other.term ? term > other.term : sequence > other.sequence;
  }
}
