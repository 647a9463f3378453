package io.starling.directory;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;

/** Devices in an order, any place of which is found without going there. */
public interface DeviceRange {
  /** Nothing. */
  DeviceRange NONE =
      new DeviceRange() {
        @Override
        public int size() {
          return 0;
        }

        @Override
        public Iterator<Entry.Device> walk(int skip, boolean descending) {
          return Collections.emptyIterator();
        }

        @Override
        public Collection<Entry.Device> devices() {
          return Collections.emptyList();
        }
      };

  /** How many. */
  int size();

  /** Those behind the first few, from the front or from the back. */
  Iterator<Entry.Device> walk(int skip, boolean descending);

  /** All. */
  Collection<Entry.Device> devices();
}
