package io.starling.journal;

import org.jspecify.annotations.Nullable;

/**
 * A change of one cursor, as it is written to the log.
 *
 * @param position the least position it shall have; null: none, the cursor is removed
 * @param fresh the value it had is forgotten first, so it may go back
 */
record CursorChange(String name, @Nullable Position position, boolean fresh) {

  static CursorChange commit(String name, Position position) {
    return new CursorChange(name, position, false);
  }

  static CursorChange remove(String name) {
    return new CursorChange(name, null, true);
  }

  /** One change that does what this and then the later one do. */
  CursorChange then(CursorChange later) {
    if (later.fresh) {
      return later;
    }
    return new CursorChange(name, later.after(position), fresh);
  }

  /** The value after this change. */
  @Nullable Position after(@Nullable Position before) {
    if (position == null || fresh || before == null) {
      return position;
    }
    return before.compareTo(position) > 0 ? before : position;
  }
}
