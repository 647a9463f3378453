package io.starling.relay.share;

import io.starling.contract.JournalPosition;
import io.starling.journal.Position;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where the groups are in the shards that this node leads, and where a next leader is to begin.
 * Belongs to the relay's event loop.
 */
public final class ShardStates {
  /** Who is told all that a gateway wants so soon may have been told of by a former leader. */
  private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** So long cursors of groups are kept that nobody has told of. */
  private static final long REMEMBERED_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Who is behind for so long has a cursor of its own. */
  private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** What is open for longer holds no cursor back. */
  private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final int MAX_OWN = 1_000;

  private final Map<String, Group> groups;
  private final Giving giving;
  private final BiFunction<Group, Integer, Lane> lanes;
  private final Map<Integer, Led> led = new HashMap<>();

  /** A shard that this node leads. */
  private static final class Led {
    final long sinceNanos = System.nanoTime();
    final JournalPosition from;
    final Starts starts;
    final Map<String, JournalPosition> own;

    /** Up to here the groups were offered everything. */
    JournalPosition routed;

    /** The same, but that of the last record. */
    JournalPosition recorded;

    /** Where a next leader begins, as it was said last. */
    JournalPosition noted = JournalPosition.START;

    Led(JournalPosition from, Starts starts) {
      this.from = from;
      this.starts = starts;
      this.own = new HashMap<>(starts.own());
      this.routed = from;
      this.recorded = from;
    }
  }

  ShardStates(Map<String, Group> groups, Giving giving, BiFunction<Group, Integer, Lane> lanes) {
    this.groups = groups;
    this.giving = giving;
    this.lanes = lanes;
  }

  /**
   * This node leads a shard.
   *
   * @param live where what is live begins
   * @param cursors of the shard
   * @return where the groups begin: before that, or there
   */
  public JournalPosition lead(int shard, JournalPosition live, Map<String, Position> cursors) {
    follow(shard);
    var starts = Starts.of(cursors);
    var from = starts.all().filter(at -> isBefore(at, live)).orElse(live);
    var mine = new Led(from, starts);
    led.put(shard, mine);
    groups.forEach(
        (key, group) -> {
          var at = mine.own.remove(key);
          if (at != null && isBefore(at, from)) {
            lanes.apply(group, shard).fallBehind(at, 0, mine.sinceNanos);
          }
        });
    return from;
  }

  /** What is before this position cannot be routed: the groups are to read it for themselves. */
  public void skip(int shard, JournalPosition to) {
    var mine = led.get(shard);
    if (mine != null) {
      var from = mine.routed;
      mine.routed = to;
      for (var group : groups.values()) {
        var lane = lanes.apply(group, shard);
        if (!lane.isBehind()) {
          lane.fallBehind(from, 0, System.nanoTime());
        }
      }
    }
  }

  /** Another node leads a shard. */
  public void follow(int shard) {
    led.remove(shard);
    giving.forget(shard);
    groups.values().forEach(group -> group.forget(shard));
  }

  /** What is before this position is offered to the groups now, records or none. */
  public void routing(int shard, JournalPosition to, boolean records) {
    var mine = led.get(shard);
    if (mine != null) {
      mine.routed = to;
      mine.recorded = records ? to : mine.recorded;
    }
  }

  Optional<JournalPosition> routed(int shard) {
    return Optional.ofNullable(led.get(shard)).map(mine -> mine.routed);
  }

  /**
   * A group is made.
   *
   * @param mayBeOld whether a former leader may have known it
   */
  void begin(Group group, boolean mayBeOld) {
    long now = System.nanoTime();
    String key = Starts.key(group.account(), group.filter());
    led.forEach(
        (shard, mine) -> {
          boolean young = mayBeOld && now - mine.sinceNanos < YOUNG_NANOS;
          var own = mine.own.remove(key);
          @Nullable JournalPosition from = own != null ? own : young ? mine.from : null;
          if (from != null && isBefore(from, mine.routed)) {
            lanes.apply(group, shard).fallBehind(from, 0, now);
          }
        });
  }

  /** The cursors by which a next leader of the shard goes on. */
  public Map<String, JournalPosition> cursors(int shard) {
    var mine = led.get(shard);
    long now = System.nanoTime();
    if (mine != null && now - mine.sinceNanos > REMEMBERED_NANOS) {
      mine.own.clear();
    } else if (mine != null && groups.isEmpty()) {
      return mine.starts.cursors();
    }
    if (mine == null || groups.isEmpty()) {
      return Map.of();
    }
    var own = new HashMap<>(mine.own);
    var open = new HashMap<Group, JournalPosition>();
    giving.open(
        shard, now - OPEN_NANOS, (group, at) -> open.merge(group, at, ShardStates::earlier));
    var all = mine.recorded;
    for (var group : groups.values()) {
      var waits = group.waitsFrom(shard);
      var from = waits == null ? open.get(group) : open.merge(group, waits, ShardStates::earlier);
      if (from == null) {
        continue;
      }
      // The cursor of all does not go back.
      boolean late = group.isBehindSince(shard, now - BEHIND_NANOS) || isBefore(from, mine.noted);
      if (late && own.size() < MAX_OWN) {
        own.put(Starts.key(group.account(), group.filter()), from);
      } else {
        all = earlier(all, from);
      }
    }
    mine.noted = all;
    return new Starts(Optional.of(all), own).cursors();
  }

  private static boolean isBefore(JournalPosition one, JournalPosition other) {
    return one.compareTo(other) < 0;
  }

  private static JournalPosition earlier(JournalPosition one, JournalPosition other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
