package io.starling.relay.drain;

/** So many transactions at a time, for what is not critical. Belongs to the relay's event loop. */
final class Slots {
  private int free;

  Slots(int free) {
    this.free = free;
  }

  boolean take() {
    if (free == 0) {
      return false;
    }
    free--;
    return true;
  }

  void give() {
    free++;
  }
}
