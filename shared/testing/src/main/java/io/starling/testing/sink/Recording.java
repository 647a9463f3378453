package io.starling.testing.sink;

import java.util.ArrayList;
import java.util.List;

/** A bounded list that many threads fill: what does not fit is dropped. */
final class Recording<T> {
  private final int capacity;
  private final List<T> kept = new ArrayList<>();

  Recording(int capacity) {
    this.capacity = capacity;
  }

  synchronized void add(T item) {
    if (kept.size() < capacity) {
      kept.add(item);
    }
  }

  synchronized List<T> all() {
    return List.copyOf(kept);
  }

  synchronized void clear() {
    kept.clear();
  }
}
