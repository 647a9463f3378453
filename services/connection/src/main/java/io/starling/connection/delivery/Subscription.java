package io.starling.connection.delivery;

import io.starling.connection.group.Member;
import io.starling.connection.group.Ticket;
import io.starling.connection.mqtt.Requested;
import io.starling.contract.SharedFilter;
import io.starling.contract.TopicFilter;
import org.jspecify.annotations.Nullable;

/** One filter of one session. Compared by identity. Belongs to one event loop. */
public final class Subscription implements Member {
  private final Subscriber subscriber;
  private final TopicFilter filter;
  private final @Nullable SharedFilter shared;
  private Requested options;
  private int[] identifiers;

  /**
   * A subscription.
   *
   * @param options as they are granted, with a filter that is well-formed
   */
  Subscription(Subscriber subscriber, Requested options) {
    this.subscriber = subscriber;
    this.shared = SharedFilter.parse(options.filter()).orElse(null);
    this.filter = shared == null ? new TopicFilter(options.filter()) : shared.filter();
    this.options = options;
    this.identifiers = identifiers(options);
  }

  /** What the events of a well-formed filter match, also of a shared one. */
  static TopicFilter filterOf(String text) {
    return SharedFilter.parse(text)
        .map(SharedFilter::filter)
        .orElseGet(() -> new TopicFilter(text));
  }

  private static int[] identifiers(Requested options) {
    return options.identifier() == 0 ? Outbox.NO_IDENTIFIERS : new int[] {options.identifier()};
  }

  /** The same filter was subscribed to again: the new options count. */
  void change(Requested now) {
    options = now;
    identifiers = identifiers(now);
  }

  Subscriber subscriber() {
    return subscriber;
  }

  /** What its events match. */
  public TopicFilter filter() {
    return filter;
  }

  /** The group that it is of; null if it gets all events. */
  @Nullable SharedFilter shared() {
    return shared;
  }

  @Override
  public int room() {
    return subscriber.room();
  }

  @Override
  public boolean hasRoom(Ticket ticket) {
    return subscriber.hasRoom(Math.min(qos(), ticket.qos()));
  }

  @Override
  public void give(Ticket ticket) {
    subscriber.give(ticket, this);
  }

  /** As they are granted. */
  Requested options() {
    return options;
  }

  int qos() {
    return options.qos();
  }

  /** Its identifier, or nothing; not to be changed. */
  int[] identifiers() {
    return identifiers;
  }
}
