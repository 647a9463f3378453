package io.starling.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * An account: the owner of devices, products and integrations, and of one topic space. Kept as 12
 * bytes because a node holds many of them.
 */
public record AccountId(long high, int low) implements Comparable<AccountId> {

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if the text is not 24 lower-case hexadecimal digits
   */
  @JsonCreator
  public static AccountId of(String text) {
    return new AccountId(Hex24.high(text), Hex24.low(text));
  }

  /** Tells whether the text is a well-formed id. */
  public static boolean isValid(CharSequence text) {
    return Hex24.valid(text);
  }

  /** A new id that nobody has: time-ordered, with 64 random bits. */
  public static AccountId create() {
    return new AccountId(Hex24.newHigh(), Hex24.newLow());
  }

  @Override
  public int compareTo(AccountId other) {
    int first = Long.compareUnsigned(high, other.high);
    return first != 0 ? first : Integer.compareUnsigned(low, other.low);
  }

  @JsonValue
  @Override
  public String toString() {
    return Hex24.format(high, low);
  }
}
