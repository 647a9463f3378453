package io.starling.directory;

import org.jspecify.annotations.Nullable;

/**
 * One object for equal values that come again and again, as far as there is room: a million devices
 * have one owner, and those that were made together one time. Thread-safe for immutable values; two
 * threads at once may each keep their own, which costs memory and nothing else.
 */
final class Shared<T> {
  private static final int ROOM = 1 << 10;

  private final Object[] values = new Object[ROOM];

  @SuppressWarnings("unchecked")
  T of(T value) {
    int hash = value.hashCode() * 0x9E3779B1;
    int place = hash >>> 22;
    @Nullable Object known = values[place];
    if (value.equals(known)) {
      return (T) known;
    }
    values[place] = value;
    return value;
  }
}
