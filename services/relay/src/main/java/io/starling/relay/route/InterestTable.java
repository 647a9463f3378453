package io.starling.relay.route;

import io.starling.contract.AccountId;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.SubscriptionTree;
import io.starling.contract.TopicFilter;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What each holder of subscriptions wants to see, by account. Of shared ones it knows only that
 * they were told. Belongs to one event loop.
 */
final class InterestTable {
  private final Map<String, Holder> holders = new HashMap<>();
  private final Map<AccountId, Space> spaces = new HashMap<>();

  private static final class Holder {
    final Set<Interest> interests = new HashSet<>();

    /** Up to where it was sent what matches, by shard. */
    final Map<Integer, JournalPosition> sentTo = new HashMap<>();

    /**
     * By which version the oldest was routed that is not sent yet, by shard; where nothing stands
     * here, by the one of now.
     */
    final Map<Integer, Long> routedBy = new HashMap<>();

    long version;
    long heardAtMillis;

    /** How many of its interests are in all events that match. */
    int whole;

    /** What is not sent yet of what was routed may lack what is wanted from now on. */
    void becomes(long next, Map<Integer, JournalPosition> routed) {
      if (whole == 0) {
        sentTo.putAll(routed);
        routedBy.clear();
      } else {
        routed.forEach(
            (shard, at) -> {
              if (!at.equals(sentTo.get(shard))) {
                routedBy.putIfAbsent(shard, version);
              }
            });
      }
      version = next;
    }
  }

  /** An account's topic space: filters in a tree, prefixes by text. */
  private static final class Space {
    final SubscriptionTree<String> filters = new SubscriptionTree<>();
    final Map<String, Map<String, Integer>> prefixes = new HashMap<>();

    boolean isEmpty() {
      return filters.isEmpty() && prefixes.isEmpty();
    }
  }

  /**
   * Takes all that a holder wants.
   *
   * @param routed up to where each shard has been looked at: there a holder begins that wanted
   *     nothing until now
   */
  void set(
      String holder,
      long version,
      List<Interest> interests,
      long nowMillis,
      Map<Integer, JournalPosition> routed) {
    var entry = holders.computeIfAbsent(holder, absent -> new Holder());
    entry.heardAtMillis = nowMillis;
    if (version < entry.version) {
      return;
    }
    entry.becomes(version, routed);
    List.copyOf(entry.interests).forEach(interest -> remove(holder, entry, interest));
    interests.forEach(interest -> add(holder, entry, interest));
  }

  /** Takes a change; false if it does not follow what is known of the holder. */
  boolean change(
      String holder,
      long version,
      List<Interest> added,
      List<Interest> removed,
      long nowMillis,
      Map<Integer, JournalPosition> routed) {
    var entry = holders.get(holder);
    if (entry == null) {
      return false;
    }
    entry.heardAtMillis = nowMillis;
    if (added.isEmpty() && removed.isEmpty()) {
      return entry.version == version;
    }
    if (entry.version != version - 1) {
      return false;
    }
    entry.becomes(version, routed);
    removed.forEach(interest -> remove(holder, entry, interest));
    added.forEach(interest -> add(holder, entry, interest));
    return true;
  }

  /** A shard is led from this position on: there everybody begins. */
  void startAt(int shard, JournalPosition from) {
    for (var holder : holders.values()) {
      holder.sentTo.put(shard, from);
      holder.routedBy.remove(shard);
    }
  }

  /** The holders that want something and have not been sent anything up to this position. */
  void behind(int shard, JournalPosition to, Consumer<String> found) {
    holders.forEach(
        (name, holder) -> {
          if (holder.whole > 0 && !to.equals(holder.sentTo.get(shard))) {
            found.accept(name);
          }
        });
  }

  /**
   * What matches up to this position is being sent to a holder.
   *
   * @return up to where it was sent before
   */
  JournalPosition sending(String name, int shard, JournalPosition to) {
    var holder = holders.get(name);
    var before = holder == null ? null : holder.sentTo.put(shard, to);
    if (holder != null) {
      holder.routedBy.remove(shard);
    }
    return before == null ? to : before;
  }

  /** The version of what a holder wants. */
  long version(String name) {
    var holder = holders.get(name);
    return holder == null ? 0 : holder.version;
  }

  /**
   * The version by which everything of a shard was routed that is not sent yet, or an older one: a
   * holder that must have all that matches a newer one reads it for itself.
   */
  long version(String name, int shard) {
    var holder = holders.get(name);
    return holder == null ? 0 : holder.routedBy.getOrDefault(shard, holder.version);
  }

  /** Takes it that every holder was heard of now. */
  void heardAll(long nowMillis) {
    holders.values().forEach(holder -> holder.heardAtMillis = nowMillis);
  }

  /** Forgets the holders that have been silent since a time; answers whom. */
  Collection<String> forgetSilentSince(long millis) {
    var silent =
        holders.entrySet().stream()
            .filter(holder -> holder.getValue().heardAtMillis < millis)
            .map(Map.Entry::getKey)
            .toList();
    silent.forEach(this::forget);
    return silent;
  }

  /** Forgets a holder, which is to tell anew. */
  void forget(String holder) {
    var entry = holders.get(holder);
    if (entry != null) {
      List.copyOf(entry.interests).forEach(interest -> remove(holder, entry, interest));
      holders.remove(holder);
    }
  }

  /** Tells whether anybody wants to see anything. */
  boolean isEmpty() {
    return spaces.isEmpty();
  }

  /** Tells whether anybody wants to see anything of an account. */
  boolean wants(AccountId account) {
    return spaces.containsKey(account);
  }

  /** Hands over the holders that want to see an event; one may come several times. */
  void match(AccountId account, String name, Consumer<String> found) {
    @Nullable Space space = spaces.get(account);
    if (space == null) {
      return;
    }
    space.filters.match(name, found);
    space.prefixes.forEach(
        (prefix, here) -> {
          if (name.startsWith(prefix)) {
            here.keySet().forEach(found);
          }
        });
  }

  private void add(String holder, Holder entry, Interest interest) {
    if (!entry.interests.add(interest) || interest.share() != null) {
      return;
    }
    entry.whole++;
    var space = spaces.computeIfAbsent(interest.account(), absent -> new Space());
    switch (interest.kind()) {
      case FILTER -> {
        var _ = space.filters.add(new TopicFilter(interest.text()), holder);
      }
      case PREFIX ->
          space
              .prefixes
              .computeIfAbsent(interest.text(), absent -> new HashMap<>())
              .merge(holder, 1, Integer::sum);
    }
  }

  private void remove(String holder, Holder entry, Interest interest) {
    if (!entry.interests.remove(interest) || interest.share() != null) {
      return;
    }
    entry.whole--;
    var space = spaces.get(interest.account());
    if (space == null) {
      return;
    }
    switch (interest.kind()) {
      case FILTER -> {
        var _ = space.filters.remove(new TopicFilter(interest.text()), holder);
      }
      case PREFIX -> {
        var here = space.prefixes.get(interest.text());
        if (here != null && here.remove(holder) != null && here.isEmpty()) {
          space.prefixes.remove(interest.text());
        }
      }
    }
    if (space.isEmpty()) {
      spaces.remove(interest.account());
    }
  }
}
