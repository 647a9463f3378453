package io.starling.webhooks.delivery;

import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.contract.Origin;

/** One event owed to one integration. Belongs to its backlog. */
public final class Delivery {
  /** What a delivery costs beside its data: the objects that hold it. */
  private static final int OVERHEAD_BYTES = 512;

  private static final DeviceId APPS = new DeviceId(0, 0);

  final Event event;
  final Mark mark;
  final long acceptedAtMillis;

  /** From when on its age counts. */
  final long bornMillis;

  /** Attempts made before it came into memory. */
  final int before;

  Delivery(Event event, Mark mark, long nowMillis) {
    this(event, mark, nowMillis, event.publishedAtMillis(), 0);
  }

  /**
   * One that was parked.
   *
   * @param before attempts made so far
   */
  public Delivery(Event event, Mark mark, long nowMillis, long bornMillis, int before) {
    this.event = detached(event);
    this.mark = mark;
    this.acceptedAtMillis = nowMillis;
    this.bornMillis = bornMillis;
    this.before = before;
  }

  /** Own memory: a slice would keep the whole page that was read alive. */
  private static Event detached(Event event) {
    return new Event(
        event.id(),
        event.origin(),
        event.account(),
        event.product(),
        event.name(),
        event.data().copy(),
        event.eventClass(),
        event.publishedAtMillis());
  }

  /** What it is in order with: the device, or one for all apps. */
  DeviceId key() {
    return key(event);
  }

  static DeviceId key(Event event) {
    return event.origin() == Origin.DEVICE ? event.id().origin() : APPS;
  }

  /** The same for every attempt. */
  String webhookId(IntegrationId integration) {
    return webhookId(event, integration);
  }

  /** What the delivery of an event to an integration is called. */
  public static String webhookId(Event event, IntegrationId integration) {
    return event.id() + "-" + integration;
  }

  int cost() {
    return cost(event);
  }

  static int cost(Event event) {
    return OVERHEAD_BYTES + event.data().length();
  }
}
