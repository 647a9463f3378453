package io.starling.connection.delivery;

import io.starling.bootstrap.interest.LiveEntries;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.connection.group.Groups;
import io.starling.connection.mqtt.Message;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
import io.starling.contract.SharedFilter;
import io.starling.contract.SubscriptionTree;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who at this gateway subscribed to what, account by account, and the fan-out of live events to
 * them. Belongs to one event loop.
 */
public final class Subscriptions {
  private final Map<AccountId, SubscriptionTree<Subscription>> trees = new HashMap<>();
  private final Groups groups = new Groups();
  private final List<Subscriber> found = new ArrayList<>();
  private @Nullable LiveFeed feed;
  private long events;

  /** The shared ones of them. */
  public Groups groups() {
    return groups;
  }

  /** From here on relays are told; before, nobody subscribes. */
  public void feedFrom(LiveFeed relays) {
    feed = relays;
  }

  /**
   * Adds a subscription; completes when the relays know.
   *
   * @param whole whether nothing may be missed from then on; fails if that cannot be had in time
   */
  Future<Void> add(Subscription subscription, boolean whole) {
    var account = subscription.subscriber().account();
    if (subscription.shared() != null) {
      return join(subscription, account, subscription.shared(), whole);
    }
    var _ =
        trees
            .computeIfAbsent(account, _ -> new SubscriptionTree<>())
            .add(subscription.filter(), subscription);
    if (feed == null) {
      return Future.succeededFuture();
    }
    var interest = interest(account, subscription);
    return whole ? feed.addWhole(interest) : feed.add(interest);
  }

  /** A kept session says where it stands in each shard, also if it has shared ones alone. */
  private Future<Void> join(
      Subscription subscription, AccountId account, SharedFilter filter, boolean whole) {
    var joined = groups.group(account, filter).join(subscription);
    return whole && feed != null
        ? Future.join(joined, feed.addWhole(interest(account, subscription))).mapEmpty()
        : joined;
  }

  /** Everything of a shard before this position has come here; empty while not known. */
  Optional<JournalPosition> at(int shard) {
    return feed == null ? Optional.empty() : feed.at(shard);
  }

  /** The same for all shards of the region. */
  public Optional<List<JournalPosition>> positions(int shards) {
    var positions =
        IntStream.range(0, shards).boxed().flatMap(shard -> at(shard).stream()).toList();
    return positions.size() == shards ? Optional.of(positions) : Optional.empty();
  }

  void remove(Subscription subscription) {
    var account = subscription.subscriber().account();
    if (subscription.shared() != null) {
      groups.group(account, subscription.shared()).leave(subscription);
      if (subscription.subscriber().isKept() && feed != null) {
        feed.remove(interest(account, subscription));
      }
      return;
    }
    var tree = trees.get(account);
    if (tree == null) {
      return;
    }
    var _ = tree.remove(subscription.filter(), subscription);
    if (tree.isEmpty()) {
      trees.remove(account);
    }
    if (feed != null) {
      feed.remove(interest(account, subscription));
    }
  }

  /** That of a shared one matches nothing: no event is called so. */
  private static Interest interest(AccountId account, Subscription subscription) {
    return new Interest(account, Interest.Kind.FILTER, subscription.options().filter());
  }

  /** Hands events to the sessions that asked for them. */
  public void deliver(LiveEntries entries) {
    var batch = EventBatch.of(entries.events());
    int end = 0;
    for (var record : entries.records()) {
      var place = new Place(entries.shard(), record.position());
      end += record.bytes();
      while (batch.end() < end && batch.next()) {
        var tree = trees.get(batch.account());
        if (tree != null) {
          deliver(batch.event(), place, tree);
        }
      }
    }
  }

  private void deliver(Event event, Place place, SubscriptionTree<Subscription> tree) {
    long number = ++events;
    found.clear();
    tree.match(
        event.name(),
        subscription -> {
          if (subscription.subscriber().matches(number, subscription, event.id())) {
            found.add(subscription.subscriber());
          }
        });
    if (found.isEmpty()) {
      return;
    }
    var message = Message.of(event);
    for (var subscriber : found) {
      subscriber.deliver(message, event, place);
    }
  }
}
