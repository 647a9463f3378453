package io.starling.connection.delivery;

import io.starling.contract.TopicFilter;

/** One filter of one session. Compared by identity. Belongs to one event loop. */
public final class Subscription {
  private final Subscriber subscriber;
  private final TopicFilter filter;
  private int qos;
  private boolean noLocal;

  /**
   * A subscription.
   *
   * @param qos granted: 0 or 1
   * @param noLocal whether the subscriber's own events are not to come back
   */
  public Subscription(Subscriber subscriber, TopicFilter filter, int qos, boolean noLocal) {
    this.subscriber = subscriber;
    this.filter = filter;
    this.qos = qos;
    this.noLocal = noLocal;
  }

  /** The same filter was subscribed to again: the new options count. */
  public void change(int newQos, boolean newNoLocal) {
    qos = newQos;
    noLocal = newNoLocal;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  TopicFilter filter() {
    return filter;
  }

  int qos() {
    return qos;
  }

  boolean noLocal() {
    return noLocal;
  }
}
