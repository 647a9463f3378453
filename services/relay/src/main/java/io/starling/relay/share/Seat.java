package io.starling.relay.share;

import io.starling.contract.Interest.Share;
import java.util.LinkedHashMap;
import java.util.Map;

/** The part that one holder takes in one group. Belongs to one event loop. */
final class Seat {
  private final Holder holder;
  private final Map<Long, Item> open = new LinkedHashMap<>();
  private Share share;
  private long restsUntilNanos;
  private boolean rests;

  /** Who has most of it is next. */
  private int credit;

  Seat(Holder holder, Share share) {
    this.holder = holder;
    this.share = share;
  }

  Holder holder() {
    return holder;
  }

  void share(Share now) {
    share = now;
  }

  int members() {
    return share.members();
  }

  /** What it was given and is not done with, by id. */
  Map<Long, Item> open() {
    return open;
  }

  /** It could not have what it was given: others go first for a while. */
  void rest(long untilNanos) {
    rests = true;
    restsUntilNanos = untilNanos;
  }

  boolean hasRoom(int bytes, long nowNanos) {
    if (rests && nowNanos - restsUntilNanos < 0) {
      return false;
    }
    rests = false;
    return share.members() > 0 && open.size() < share.room() && holder.hasRoom(bytes);
  }

  int credit() {
    return credit;
  }

  void credit(int more) {
    credit += more;
  }
}
