package io.starling.connection.delivery;

import io.starling.connection.mqtt.Granted;
import io.starling.connection.mqtt.Message;
import io.starling.connection.mqtt.Requested;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.contract.TopicFilter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A session as a subscriber: its filters, and where its events go. Belongs to one event loop. */
public final class Subscriber {
  private static final int MAX_FILTERS = 100;
  private static final int MAX_FILTER_CHARS = 1_024;
  private static final String SHARED = "$share/";
  private static final String CLOUD = "$cloud/";

  private final AccountId account;
  private final DeviceId origin;
  private final Subscriptions subscriptions;
  private final Outbox outbox;
  private final boolean device;

  // for the session
  private long epoch;
  private @Nullable Map<String, Subscription> filters;
  private @Nullable Backlog backlog;

  // for one event on its way: the number of the event, and the highest QoS that matched
  private long matched;
  private int matchedQos;

  /**
   * A subscriber without filters.
   *
   * @param origin who is in the ids of its own events
   * @param device whether it is a device, which may subscribe to {@code $cloud/…}
   */
  public Subscriber(
      AccountId account,
      DeviceId origin,
      long epoch,
      boolean device,
      Subscriptions subscriptions,
      Outbox outbox) {
    this.account = account;
    this.origin = origin;
    this.epoch = epoch;
    this.device = device;
    this.subscriptions = subscriptions;
    this.outbox = outbox;
  }

  AccountId account() {
    return account;
  }

  /** The session has a new epoch. */
  public void epochChanged(long now) {
    epoch = now;
  }

  /** Its session is kept: what comes goes to this backlog. */
  void keepTo(Backlog sessions) {
    backlog = sessions;
  }

  /**
   * What a SUBSCRIBE is answered, once the relays know of the filters. Fails only if the session is
   * kept, and it is not known in time from where on nothing is missed.
   */
  public Future<List<Granted>> subscribe(List<Requested> requested) {
    var granted = new ArrayList<Granted>(requested.size());
    var announced = new ArrayList<Future<?>>();
    for (var one : requested) {
      granted.add(subscribe(one, announced));
    }
    if (announced.isEmpty()) {
      return Future.succeededFuture(granted);
    }
    Future<List<Granted>> known = Future.join(announced).map(granted);
    return backlog == null ? known.otherwise(granted) : known;
  }

  private Granted subscribe(Requested one, List<Future<?>> announced) {
    String text = one.filter();
    if (!TopicFilter.isValid(text) || text.length() > MAX_FILTER_CHARS) {
      return Granted.FILTER_INVALID;
    }
    int qos = Math.min(one.qos(), 1);
    if (text.startsWith(SHARED)) {
      return Granted.SHARED_NOT_SUPPORTED;
    }
    if (text.charAt(0) == '$') {
      // What the cloud says to a device reaches it anyway; the filter changes nothing.
      return device && text.startsWith(CLOUD) ? granted(qos) : Granted.NOT_AUTHORIZED;
    }
    var mine = filters == null ? new HashMap<String, Subscription>(4) : filters;
    filters = mine;
    var known = mine.get(text);
    if (known != null) {
      known.change(qos, one.noLocal());
      return granted(qos);
    }
    if (mine.size() >= MAX_FILTERS) {
      return Granted.QUOTA_EXCEEDED;
    }
    var made = new Subscription(this, new TopicFilter(text), qos, one.noLocal());
    mine.put(text, made);
    announced.add(subscriptions.add(made, backlog != null));
    return granted(qos);
  }

  /** Goes on with what a kept session had subscribed to. */
  public void restore(List<StoredSubscription> stored) {
    var mine = new HashMap<String, Subscription>();
    filters = mine;
    for (var one : stored) {
      var made = new Subscription(this, new TopicFilter(one.filter()), one.qos(), one.noLocal());
      mine.put(one.filter(), made);
      // Where the session is does not depend on it: what it is behind in, it reads.
      var _ = subscriptions.add(made, true).otherwiseEmpty();
    }
  }

  /** All filters, to be kept. */
  public List<StoredSubscription> stored() {
    return filters == null
        ? List.of()
        : filters.values().stream()
            .map(one -> new StoredSubscription(one.filter().text(), one.qos(), one.noLocal()))
            .toList();
  }

  /** The filters whose messages are acknowledged. */
  List<String> acknowledgedFilters() {
    return filters == null
        ? List.of()
        : filters.values().stream()
            .filter(one -> one.qos() > 0)
            .map(one -> one.filter().text())
            .toList();
  }

  /** Tells whether it gets an event with an acknowledgement. */
  boolean wantsAcknowledged(Event event) {
    return filters != null
        && filters.values().stream()
            .anyMatch(
                one ->
                    one.qos() > 0
                        && !(one.noLocal() && isOwn(event.id()))
                        && one.filter().matches(event.name()));
  }

  /** A device is the same in its next connection; an app's events bear the connection's epoch. */
  private boolean isOwn(EventId id) {
    return id.origin().equals(origin) && (device || id.epoch() == epoch);
  }

  private static Granted granted(int qos) {
    return qos == 0 ? Granted.QOS_0 : Granted.QOS_1;
  }

  /** Takes filters away; tells for each whether it was there. */
  public List<Boolean> unsubscribe(List<String> texts) {
    return texts.stream().map(this::unsubscribe).toList();
  }

  private boolean unsubscribe(String text) {
    var gone = filters == null ? null : filters.remove(text);
    if (gone == null) {
      return device && text.startsWith(CLOUD);
    }
    subscriptions.remove(gone);
    return true;
  }

  /** Takes all filters away. */
  public void close() {
    if (filters != null) {
      filters.values().forEach(subscriptions::remove);
      filters = null;
    }
  }

  /**
   * A filter of this session matches an event.
   *
   * @param number of the event, the same for each of its matches
   * @return whether it is the first that does
   */
  boolean matches(long number, Subscription filter, EventId id) {
    if (filter.noLocal() && isOwn(id)) {
      return false;
    }
    if (matched == number) {
      matchedQos = Math.max(matchedQos, filter.qos());
      return false;
    }
    matched = number;
    matchedQos = filter.qos();
    return true;
  }

  /** Something that matches, with the highest QoS of the filters that do. */
  void deliver(Message message, Place place) {
    if (backlog == null) {
      outbox.deliver(message, matchedQos);
    } else {
      backlog.live(message, matchedQos, place);
    }
  }
}
