package io.starling.testing.client;

import java.util.BitSet;

/** Packet ids of one session: 1 to 65,535, none twice at a time. For one event loop. */
final class PacketIds {
  private static final int LARGEST = 65_535;

  private final BitSet used = new BitSet();
  private int last;

  int take() {
    var id = used.nextClearBit(last + 1);
    if (id > LARGEST) {
      id = used.nextClearBit(1);
    }
    if (id > LARGEST) {
      throw new IllegalStateException("all packet ids are in use");
    }
    used.set(id);
    last = id;
    return id;
  }

  void free(int id) {
    used.clear(id);
  }
}
