package io.starling.api.audit;

import io.starling.contract.Actor;
import io.starling.contract.AuditRequest.Refusals;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Refusals until they are sent: those that are alike are one, and there is room for so many. */
final class RefusalCounter {
  /** In all. */
  static final int MOST = 200;

  /** Of one account. */
  static final int MOST_OF_ONE = 20;

  /** Of all who are nobody. */
  static final int MOST_OF_NOBODY = 50;

  private static final String MANY = "many";

  private final Map<Key, Refusals> counted = new LinkedHashMap<>();
  private final Map<String, Integer> kinds = new HashMap<>();
  private long merged;

  /** What is alike: by whom, from where, about what, and how it was answered. */
  private record Key(
      String who,
      String place,
      String token,
      String action,
      String account,
      int product,
      int status) {}

  /**
   * Counts some.
   *
   * @param place the address, or the net that it counts as
   */
  void count(Refusals one, String place) {
    var actor = one.actor();
    String who = actor.id();
    var key =
        new Key(
            who,
            place,
            actor.token(),
            actor.action(),
            one.account(),
            actor.product(),
            one.status());
    if (!counted.containsKey(key) && !hasRoom(who)) {
      merged += one.count();
      add(key(counted.size() < MOST + 2 * MOST_OF_ONE ? who : ""), many(one));
      return;
    }
    add(key, one);
  }

  private boolean hasRoom(String who) {
    int most = who.isEmpty() ? MOST_OF_NOBODY : MOST_OF_ONE;
    return counted.size() < MOST && kinds.getOrDefault(who, 0) < most;
  }

  private static Key key(String who) {
    return new Key(who, MANY, "", "", "", 0, 0);
  }

  /** Only that there were some, and whose they were. */
  private static Refusals many(Refusals one) {
    var actor = one.actor();
    return new Refusals(
        new Actor(actor.kind(), actor.id(), "", "", "", "", 0, "", "", ""),
        "",
        one.available(),
        0,
        MANY,
        one.firstMillis(),
        one.lastMillis(),
        one.count());
  }

  private void add(Key key, Refusals one) {
    var before = counted.get(key);
    if (before == null) {
      kinds.merge(key.who(), 1, Integer::sum);
    }
    counted.put(
        key,
        before == null
            ? one
            : new Refusals(
                one.actor(),
                one.account(),
                one.available(),
                one.status(),
                one.why(),
                Math.min(before.firstMillis(), one.firstMillis()),
                Math.max(before.lastMillis(), one.lastMillis()),
                before.count() + one.count()));
  }

  boolean isEmpty() {
    return counted.isEmpty();
  }

  /** How many were counted without their details, ever. */
  long merged() {
    return merged;
  }

  /** Takes all out. */
  List<Refusals> take() {
    var taken = List.copyOf(counted.values());
    counted.clear();
    kinds.clear();
    return taken;
  }
}
