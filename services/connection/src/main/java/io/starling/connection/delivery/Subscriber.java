package io.starling.connection.delivery;

import io.starling.connection.group.Ticket;
import io.starling.connection.mqtt.Granted;
import io.starling.connection.mqtt.Message;
import io.starling.connection.mqtt.Requested;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventId;
import io.starling.contract.SessionsRequest.StoredSubscription;
import io.starling.contract.SharedFilter;
import io.starling.contract.TopicFilter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A session as a subscriber: its filters, and where its events go. Belongs to one event loop. */
public final class Subscriber {
  private static final int MAX_FILTERS = 100;
  private static final int MAX_FILTER_CHARS = 1_024;
  private static final String CLOUD = "$cloud/";

  /** Retain handling (section 3.8.3.1). */
  private static final int RETAINED_ALWAYS = 0;

  private static final int RETAINED_NEVER = 2;

  /** The number of events that do not come live. */
  private static final long READ = -1;

  private final AccountId account;
  private final DeviceId origin;
  private final Subscriptions subscriptions;
  private final Outbox outbox;
  private final boolean device;

  // for the session
  private long epoch;
  private @Nullable Map<String, Subscription> filters;
  private @Nullable Backlog backlog;
  private @Nullable Shares shares;
  private @Nullable Consumer<String> retainedCame;

  // for one event on its way: its number, and what the subscriptions that match it say together
  private long matched;
  private int matchedQos;
  private boolean matchedRetain;
  private int[] matchedIdentifiers = Outbox.NO_IDENTIFIERS;

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

  /** Whose topic space it is. */
  public AccountId account() {
    return account;
  }

  /** Hears the topics of events that come live and were published with RETAIN; null for nobody. */
  public void onRetained(@Nullable Consumer<String> listener) {
    retainedCame = listener;
  }

  /**
   * A retained message that a subscription asked for, unless that is gone (section 3.3.1.3).
   *
   * @param page that it is of, for {@link #oldestPage}
   */
  public void deliverRetained(Subscription subscription, Event event, long page) {
    if (holds(subscription) && !isOwnAndUnwanted(subscription, event.id())) {
      int qos = Math.min(subscription.qos(), event.manner().qos());
      outbox.deliver(
          Message.of(event).detach(),
          Message.flags(qos, true),
          subscription.identifiers(),
          isKept() ? Place.ofRetained(page) : null);
    }
  }

  /**
   * The first page of retained messages of which the client has not acknowledged everything; {@link
   * Long#MAX_VALUE} if there is none. Known of kept sessions alone.
   */
  public long oldestPage() {
    var oldest = outbox.oldest(Place.RETAINED);
    return oldest == null ? Long.MAX_VALUE : oldest.index();
  }

  /** What it has subscribed to with this filter. */
  public Optional<Subscription> find(String filter) {
    return Optional.ofNullable(filters == null ? null : filters.get(filter));
  }

  /** Whether it has not been given up. */
  public boolean holds(Subscription subscription) {
    return filters != null && subscription.equals(filters.get(subscription.options().filter()));
  }

  /** The session has a new epoch. */
  public void epochChanged(long now) {
    epoch = now;
  }

  /** Its session is kept: what comes goes to this backlog. */
  void keepTo(Backlog sessions) {
    backlog = sessions;
  }

  boolean isKept() {
    return backlog != null;
  }

  /**
   * What a SUBSCRIBE is answered, once the relays know of the filters. Fails only if the session is
   * kept, and it is not known in time from where on nothing is missed.
   *
   * @param allowed tells of a filter whether the client may have all events that it can match
   * @param retained here the subscriptions are added for which retained messages are to be sent
   */
  public Future<List<Granted>> subscribe(
      List<Requested> requested, Predicate<TopicFilter> allowed, List<Subscription> retained) {
    var granted = new ArrayList<Granted>(requested.size());
    var announced = new ArrayList<Future<?>>();
    for (var one : requested) {
      granted.add(subscribe(one, allowed, announced, retained));
    }
    if (announced.isEmpty()) {
      return Future.succeededFuture(granted);
    }
    Future<List<Granted>> known = Future.join(announced).map(granted);
    return backlog == null ? known.otherwise(granted) : known;
  }

  private Granted subscribe(
      Requested one,
      Predicate<TopicFilter> allowed,
      List<Future<?>> announced,
      List<Subscription> retained) {
    String text = one.filter();
    if (!TopicFilter.isValid(text) || text.length() > MAX_FILTER_CHARS) {
      return Granted.FILTER_INVALID;
    }
    var granted = Granted.of(one.qos());
    if (SharedFilter.isMeant(text)) {
      if (SharedFilter.parse(text).isEmpty()) {
        return Granted.FILTER_INVALID;
      }
    } else if (text.startsWith(CLOUD)) {
      // What the cloud says to a device reaches it anyway; the filter changes nothing.
      return device ? granted : Granted.NOT_AUTHORIZED;
    }
    if (!allowed.test(Subscription.filterOf(text))) {
      return Granted.NOT_AUTHORIZED;
    }
    var mine = filters == null ? new HashMap<String, Subscription>(4) : filters;
    filters = mine;
    var known = mine.get(text);
    if (known != null) {
      known.change(one);
      if (one.retainHandling() == RETAINED_ALWAYS && known.shared() == null) {
        retained.add(known);
      }
      return granted;
    }
    if (mine.size() >= MAX_FILTERS) {
      return Granted.QUOTA_EXCEEDED;
    }
    var made = new Subscription(this, one);
    announced.add(add(made, mine));
    if (one.retainHandling() != RETAINED_NEVER && made.shared() == null) {
      retained.add(made);
    }
    return granted;
  }

  /** Tells whether all filters are allowed. */
  public boolean allMatch(Predicate<TopicFilter> allowed) {
    return filters == null || filters.values().stream().allMatch(one -> allowed.test(one.filter()));
  }

  /** Goes on with what a kept session had subscribed to, as far as that is allowed now. */
  public void restore(List<StoredSubscription> stored, Predicate<TopicFilter> allowed) {
    var mine = new HashMap<String, Subscription>();
    filters = mine;
    for (var one : stored) {
      var made = new Subscription(this, requested(one));
      if (allowed.test(made.filter())) {
        // Where the session is does not depend on it: what it is behind in, it reads.
        var _ = add(made, mine).otherwiseEmpty();
      }
    }
  }

  private Future<Void> add(Subscription made, Map<String, Subscription> mine) {
    mine.put(made.options().filter(), made);
    if (made.shared() != null) {
      shares().add(made);
    }
    return subscriptions.add(made, backlog != null);
  }

  private Shares shares() {
    var mine = shares == null ? new Shares(subscriptions.groups(), account, outbox) : shares;
    shares = mine;
    return mine;
  }

  private static Requested requested(StoredSubscription one) {
    return new Requested(
        one.filter(),
        one.qos(),
        one.noLocal(),
        one.retainAsPublished(),
        one.retainHandling(),
        one.identifier());
  }

  /** All filters, to be kept. */
  public List<StoredSubscription> stored() {
    return filters == null
        ? List.of()
        : filters.values().stream().map(one -> stored(one.options())).toList();
  }

  private static StoredSubscription stored(Requested one) {
    return new StoredSubscription(
        one.filter(),
        one.qos(),
        one.noLocal(),
        one.retainAsPublished(),
        one.retainHandling(),
        one.identifier());
  }

  /** The filters whose messages are acknowledged. */
  List<String> acknowledgedFilters() {
    return filters == null
        ? List.of()
        : filters.values().stream()
            .filter(one -> one.qos() > 0 && one.shared() == null)
            .map(one -> one.filter().text())
            .toList();
  }

  /** Those of the shared ones; null if there are none. */
  @Nullable Shares sharedFilters() {
    return shares;
  }

  int room() {
    return outbox.window();
  }

  boolean hasRoom(int qos) {
    return qos == 0 ? outbox.isWritten() : outbox.hasRoom();
  }

  /** An event of a shared subscription, for this member of its group. */
  void give(Ticket ticket, Subscription shared) {
    int qos = Math.min(shared.qos(), ticket.qos());
    boolean retain = shared.options().retainAsPublished() && ticket.retain();
    var source = qos == 2 && backlog != null ? Shares.source(ticket, shared) : null;
    outbox.give(ticket, Message.flags(qos, retain), shared.identifiers(), source);
  }

  /**
   * Looks which of its filters match an event that was read for it.
   *
   * @return whether it gets it with an acknowledgement
   */
  boolean wantsAcknowledged(Event event) {
    boolean any = false;
    matched = READ;
    if (filters != null) {
      for (var one : filters.values()) {
        if (one.shared() == null
            && !isOwnAndUnwanted(one, event.id())
            && one.filter().matches(event.name())) {
          match(one, !any);
          any = true;
        }
      }
    }
    return any && qos(event) > 0;
  }

  private boolean isOwnAndUnwanted(Subscription filter, EventId id) {
    return filter.options().noLocal() && isOwn(id);
  }

  /** A device is the same in its next connection; an app's events bear the connection's epoch. */
  private boolean isOwn(EventId id) {
    return id.origin().equals(origin) && (device || id.epoch() == epoch);
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
    remove(gone);
    return true;
  }

  private void remove(Subscription gone) {
    if (shares != null) {
      shares.remove(gone);
    }
    subscriptions.remove(gone);
  }

  /** Takes all filters away. */
  public void close() {
    if (filters != null) {
      filters.values().forEach(this::remove);
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
    if (isOwnAndUnwanted(filter, id)) {
      return false;
    }
    boolean first = matched != number;
    matched = number;
    match(filter, first);
    return first;
  }

  /** Section 3.3.4: one copy, at the highest QoS, with the identifiers of all that match. */
  private void match(Subscription filter, boolean first) {
    var options = filter.options();
    if (first) {
      matchedQos = options.qos();
      matchedRetain = options.retainAsPublished();
      matchedIdentifiers = filter.identifiers();
      return;
    }
    matchedQos = Math.max(matchedQos, options.qos());
    matchedRetain |= options.retainAsPublished();
    matchedIdentifiers = with(matchedIdentifiers, filter.identifiers());
  }

  private static int[] with(int[] some, int[] others) {
    if (some.length == 0 || others.length == 0) {
      return some.length == 0 ? others : some;
    }
    int[] all = Arrays.copyOf(some, some.length + others.length);
    System.arraycopy(others, 0, all, some.length, others.length);
    return all;
  }

  private int qos(Event event) {
    return Math.min(matchedQos, event.manner().qos());
  }

  /** How an event goes out that was matched last (sections 3.8.4 and 3.3.1.3). */
  int flags(Event event) {
    return Message.flags(qos(event), matchedRetain && event.manner().retain());
  }

  /** The identifiers of the subscriptions that matched it. */
  int[] identifiers() {
    return matchedIdentifiers;
  }

  /** An event that was matched last. */
  void deliver(Message message, Event event, Place place) {
    int flags = flags(event);
    if (retainedCame != null && event.manner().retain()) {
      retainedCame.accept(event.name());
    }
    if (backlog == null) {
      outbox.deliver(message, flags, matchedIdentifiers);
    } else {
      backlog.live(message, flags, matchedIdentifiers, place);
    }
  }
}
