package io.starling.connection.delivery;

import io.starling.bootstrap.interest.LiveEntries;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.connection.mqtt.Message;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.Interest;
import io.starling.contract.JournalPosition;
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
  private final List<Subscriber> found = new ArrayList<>();
  private @Nullable LiveFeed feed;
  private long events;

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

  private static Interest interest(AccountId account, Subscription subscription) {
    return new Interest(account, Interest.Kind.FILTER, subscription.filter().text());
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
