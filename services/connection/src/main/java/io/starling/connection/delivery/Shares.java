package io.starling.connection.delivery;

import io.starling.connection.delivery.Waiting.Copy;
import io.starling.connection.group.Groups;
import io.starling.connection.group.Ticket;
import io.starling.connection.mqtt.Message;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import java.util.ArrayList;
import java.util.List;

/** The shared subscriptions of one session. Belongs to one event loop. */
final class Shares {
  private final Groups groups;
  private final AccountId account;
  private final List<Subscription> all = new ArrayList<>();

  Shares(Groups groups, AccountId account, Outbox outbox) {
    this.groups = groups;
    this.account = account;
    outbox.onRoom(this::pull);
  }

  void add(Subscription subscription) {
    all.add(subscription);
  }

  void remove(Subscription subscription) {
    all.remove(subscription);
  }

  /** There is room for what waits in its groups. */
  private void pull() {
    for (var one : List.copyOf(all)) {
      if (one.shared() != null) {
        groups.group(account, one.shared()).pull(one);
      }
    }
  }

  /** What their events match. */
  List<String> filters() {
    return all.stream().map(one -> one.filter().text()).toList();
  }

  /** Where an event can be had again that a kept session is to complete. */
  static Source source(Ticket ticket, Subscription shared) {
    var id = ticket.message().id();
    if (id == null) {
      throw new IllegalArgumentException("no event");
    }
    return Source.shared(ticket.shard(), ticket.position(), id, shared.options().filter());
  }

  /** An event was read again: those that were in flight for one of these are sent again. */
  void repeat(Event event, Place place, Redelivery redelivery) {
    for (var one : all) {
      if (one.filter().matches(event.name())) {
        var source =
            Source.shared(place.shard(), place.position(), event.id(), one.options().filter());
        int qos = Math.min(one.qos(), event.manner().qos());
        boolean retain = one.options().retainAsPublished() && event.manner().retain();
        redelivery.repeat(
            source,
            new Copy(Message.of(event), Message.flags(qos, retain), one.identifiers(), place, 0));
      }
    }
  }
}
