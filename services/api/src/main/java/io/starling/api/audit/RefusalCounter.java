package io.starling.api.audit;

import io.starling.contract.Actor;
import io.starling.contract.AuditRequest.Refusals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Refusals until they are sent, by stretches of time: the first of a kind in a stretch is a row,
 * and those that are alike and follow it are one more. There is room for so many kinds.
 */
final class RefusalCounter {
  /** In all. */
  static final int MOST = 200;

  /** Of one account. */
  static final int MOST_OF_ONE = 20;

  /** Of all who are nobody. */
  static final int MOST_OF_NOBODY = 50;

  private static final String MANY = "many";

  // for the stretch
  private final Set<Key> seen = new HashSet<>();
  private final Map<String, Integer> kinds = new HashMap<>();

  // until it is taken out
  private final Map<Key, Refusals> counted = new LinkedHashMap<>();
  private final Set<Key> firsts = new HashSet<>();

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
   * @return whether it is the first of its kind
   */
  boolean count(Refusals one, String place) {
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
    if (!seen.contains(key) && !hasRoom(who)) {
      merged += one.count();
      return add(key(seen.size() < MOST + 2 * MOST_OF_ONE ? who : ""), many(one));
    }
    return add(key, one);
  }

  private boolean hasRoom(String who) {
    int most = who.isEmpty() ? MOST_OF_NOBODY : MOST_OF_ONE;
    return seen.size() < MOST && kinds.getOrDefault(who, 0) < most;
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

  private boolean add(Key key, Refusals one) {
    boolean first = seen.add(key);
    if (first) {
      kinds.merge(key.who(), 1, Integer::sum);
      firsts.add(key);
    }
    var before = counted.get(key);
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
    return first;
  }

  /** Whether there is nothing, and no stretch that has begun. */
  boolean isEmpty() {
    return counted.isEmpty() && seen.isEmpty();
  }

  boolean hasFirsts() {
    return !firsts.isEmpty();
  }

  /** How many were counted without their details, ever. */
  long merged() {
    return merged;
  }

  /** Takes out the first of each kind, with what is alike and came since. */
  List<Refusals> takeFirsts() {
    var taken = new ArrayList<Refusals>();
    counted
        .entrySet()
        .removeIf(entry -> firsts.contains(entry.getKey()) && taken.add(entry.getValue()));
    firsts.clear();
    return taken;
  }

  /** Takes all out; another stretch begins. */
  List<Refusals> take() {
    var taken = List.copyOf(counted.values());
    counted.clear();
    firsts.clear();
    seen.clear();
    kinds.clear();
    return taken;
  }
}
