package io.starling.connection.delivery;

import io.starling.bootstrap.interest.LiveEntries;
import io.starling.bootstrap.interest.LiveFeed;
import io.starling.connection.mqtt.Message;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.Interest;
import io.starling.contract.Origin;
import io.starling.contract.SubscriptionTree;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  Future<Void> add(Subscription subscription) {
    var account = subscription.subscriber().account();
    var _ =
        trees
            .computeIfAbsent(account, _ -> new SubscriptionTree<>())
            .add(subscription.filter(), subscription);
    return feed == null ? Future.succeededFuture() : feed.add(interest(account, subscription));
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

  /** Hands a batch of events to the sessions that asked for them. */
  public void deliver(LiveEntries entries) {
    for (var batch = EventBatch.of(entries.events()); batch.next(); ) {
      var tree = trees.get(batch.account());
      if (tree != null) {
        deliver(batch.event(), tree);
      }
    }
  }

  private void deliver(Event event, SubscriptionTree<Subscription> tree) {
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
    var message =
        Message.event(
            event.name(),
            event.data(),
            event.origin() == Origin.DEVICE ? event.id().origin().toString() : null,
            event.publishedAtMillis());
    for (var subscriber : found) {
      subscriber.outbox().deliver(message, subscriber.matchedQos());
    }
  }
}
