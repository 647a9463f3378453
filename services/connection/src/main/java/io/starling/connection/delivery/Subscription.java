package io.starling.connection.delivery;

import io.starling.connection.mqtt.Requested;
import io.starling.contract.TopicFilter;

/** One filter of one session. Compared by identity. Belongs to one event loop. */
public final class Subscription {
  private final Subscriber subscriber;
  private final TopicFilter filter;
  private Requested options;
  private int[] identifiers;

  /**
   * A subscription.
   *
   * @param options as they are granted
   */
  Subscription(Subscriber subscriber, TopicFilter filter, Requested options) {
    this.subscriber = subscriber;
    this.filter = filter;
    this.options = options;
    this.identifiers = identifiers(options);
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

  /** What it is for. */
  public TopicFilter filter() {
    return filter;
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
