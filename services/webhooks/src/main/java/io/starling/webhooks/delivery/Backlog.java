package io.starling.webhooks.delivery;

import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.webhooks.delivery.Departure.Fate;
import io.starling.webhooks.match.Terms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * What is owed to one integration out of one shard and is held in memory: new deliveries in the
 * order of the journal, and those that wait for another attempt. Knows the oldest unfinished one,
 * which is where its cursor has to stay. Belongs to one event loop.
 */
public final class Backlog {
  /** Of so many starts while both wait, one is a repeated attempt: new before retries, not only. */
  private static final int RETRY_EVERY = 4;

  /** The same for probes: what fails for itself must not keep an endpoint that is well. */
  private static final int RETRY_EVERY_PROBE = 2;

  private final AccountId account;
  private final IntegrationId integration;
  private final Endpoint endpoint;
  private final Budget budget;
  private final Runnable onFinished;

  /** All that is held. */
  private final NavigableMap<Mark, Delivery> unfinished = new TreeMap<>();

  private final Untried untried;
  private final PriorityQueue<Batch> retries =
      new PriorityQueue<>(Comparator.comparingLong((Batch batch) -> batch.dueMillis));
  private long bytes;
  private int starts;
  private boolean inOrder;

  private final Departures departures = new Departures(this);

  /** Whether it stands in the line of those that wait for their turn. */
  boolean waiting;

  /** Whether its endpoint keeps it until there is a place. */
  boolean kept;

  /** Whether nothing of it is started, because all of it is to go elsewhere. */
  boolean held;

  /** No longer wanted: what is under way ends without consequence. */
  boolean closed;

  /**
   * An empty backlog.
   *
   * @param onFinished called whenever a delivery has ended, for those who wait for room
   */
  Backlog(
      AccountId account,
      IntegrationId integration,
      Endpoint endpoint,
      Budget budget,
      Runnable onFinished) {
    this.account = account;
    this.integration = integration;
    this.endpoint = endpoint;
    this.budget = budget;
    this.onFinished = onFinished;
    this.untried = new Untried(budget, this::unlink);
  }

  /** Whose integration it is owed to. */
  public AccountId account() {
    return account;
  }

  /** The integration it is owed to. */
  public IntegrationId integration() {
    return integration;
  }

  /** How many deliveries are unfinished and held. */
  public int size() {
    return unfinished.size();
  }

  /** The memory held, roughly. */
  public long bytes() {
    return bytes;
  }

  /** Whether nothing of it is started from now on; what is under way ends as it does. */
  public void hold(boolean hold) {
    held = hold;
  }

  /** Tells whether nothing of it is under way, neither an attempt nor what is told of one. */
  public boolean isAtRest() {
    int waiting = untried.size();
    for (var first : retries) {
      for (var batch = first; batch != null; batch = batch.rest()) {
        waiting += batch.size();
      }
    }
    return waiting == unfinished.size();
  }

  /** Tells whether all has ended, what is held and what is to be read again. */
  public boolean isEmpty() {
    return unfinished.isEmpty() && !isBehind();
  }

  /** Tells whether an event, from a mark that was offered, has not ended. */
  public boolean owes(Event event, Mark mark) {
    return unfinished.containsKey(mark) || untried.behind().has(Delivery.key(event), mark);
  }

  /** Tells whether the endpoint is tried by probes only. */
  public boolean isProbing() {
    return endpoint.circuit.isOpen();
  }

  /** Where the oldest unfinished delivery stands, whether it is held or has to be read again. */
  public Optional<Mark> oldest() {
    var again = untried.behind().lowest();
    if (unfinished.isEmpty()) {
      return again;
    }
    var held = unfinished.firstKey();
    return again.filter(mark -> mark.isBefore(held)).or(() -> Optional.of(held));
  }

  /** For how long the oldest unfinished delivery has been here; 0 if there is none. */
  public long oldestHeldMillis(long nowMillis) {
    return unfinished.isEmpty()
        ? 0
        : nowMillis - unfinished.firstEntry().getValue().acceptedAtMillis;
  }

  /** When the oldest unfinished event was published; {@code fallback} if there is none. */
  public long oldestPublishedMillis(long fallback) {
    return unfinished.isEmpty()
        ? fallback
        : unfinished.firstEntry().getValue().event.publishedAtMillis();
  }

  /** Tells whether the endpoint has been tried by probes only for so long. */
  public boolean isDownFor(long nowMillis, long millis) {
    return isProbing() && endpoint.circuit.openMillis(nowMillis) >= millis;
  }

  /** What of it is to be told to the database. */
  public Departures departures() {
    return departures;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  List<Departure> takeStale(long nowMillis, long heldMillis, int most) {
    var taken = new ArrayList<Departure>();
    for (var batch : List.copyOf(retries)) {
      if (taken.size() >= most) {
        break;
      }
      if (nowMillis - batch.deliveries().getFirst().acceptedAtMillis > heldMillis) {
        retries.remove(batch);
        long due = isProbing() ? nowMillis : batch.dueMillis;
        for (var part = batch; part != null; part = part.rest()) {
          for (var one : part.deliveries()) {
            taken.add(new Departure(one, batch, Fate.PARKED, due, part.made, part.error));
          }
        }
      }
    }
    return taken;
  }

  void add(Delivery delivery) {
    link(delivery);
    untried.add(delivery);
  }

  /** Adds one that {@link #wantsAgain}, unless there is no room for it. */
  void addAgain(Delivery delivery) {
    if (untried.addAgain(delivery)) {
      link(delivery);
    }
  }

  private void link(Delivery delivery) {
    unfinished.put(delivery.mark, delivery);
    bytes += delivery.cost();
    budget.take(delivery.cost());
  }

  /** The next to try, empty if none is due. */
  Optional<Batch> take(long nowMillis, Terms terms) {
    boolean due = isRetryDue(nowMillis);
    int every = isProbing() ? RETRY_EVERY_PROBE : RETRY_EVERY;
    if (due && starts % every == 0) {
      starts++;
      return Optional.of(retries.remove());
    }
    var first = untried.take(nowMillis, terms, isProbing());
    starts += first.isPresent() ? 1 : 0;
    return first.isPresent() || !due ? first : Optional.of(retries.remove());
  }

  private boolean isRetryDue(long nowMillis) {
    var retry = retries.peek();
    return retry != null && (isProbing() || retry.dueMillis <= nowMillis);
  }

  /** From now on what is held waits for others of its device, and is looked at at once. */
  public void inOrder() {
    inOrder = true;
  }

  /** Tells whether there is one that may be tried next and never was. */
  boolean hasNext() {
    if (inOrder) {
      untried.look(1);
    }
    return untried.mayHaveNext();
  }

  /** Tells whether one may be due. */
  boolean hasDue(long nowMillis) {
    return untried.mayHaveNext() || isRetryDue(nowMillis);
  }

  void retry(Batch batch, long dueMillis) {
    batch.dueMillis = dueMillis;
    retries.add(batch);
  }

  /** It will not be tried again: what waits for that is next. */
  void settle(Batch batch, long nowMillis) {
    untried.release(batch);
    var rest = batch.rest();
    if (rest != null) {
      retry(rest, nowMillis);
    }
  }

  /** It waits elsewhere from now on, with its rest: what waits for that here is next. */
  void release(Batch batch) {
    for (var part = batch; part != null; part = part.rest()) {
      untried.release(part);
    }
  }

  /** A delivery has ended, one way or another. */
  void finish(Delivery delivery) {
    unlink(delivery);
    onFinished.run();
  }

  /**
   * Lets go of what was never tried; the mark of the first of these, from where to read again. What
   * it keeps to itself where to read again ({@link #nextAgain}) is not among that.
   */
  public Optional<Mark> shed() {
    return untried.shed();
  }

  /** Tells whether there are deliveries that were never tried. */
  public boolean hasFresh() {
    return untried.hasAny();
  }

  /** Tells whether events have to be read again that were let go of one by one. */
  public boolean isBehind() {
    return !untried.behind().isEmpty();
  }

  /** Where to read such events next; empty if there are none, or none whose turn has come. */
  public Optional<Mark> nextAgain() {
    return untried.nextAgain();
  }

  /** Tells whether an event that was read there is one of those. */
  public boolean wantsAgain(Event event, Mark mark) {
    return untried.behind().wants(Delivery.key(event), mark);
  }

  /**
   * Reading them has come to a mark.
   *
   * @param readAt where reading of all others has come to
   * @return false if they end there, because all events from there on will be looked at anyway
   */
  public boolean readAgainTo(Mark mark, Mark readAt) {
    boolean goesOn = mark.isBefore(untried.lookedAt(readAt));
    if (goesOn) {
      untried.behind().reach(mark);
    } else {
      untried.behind().end();
    }
    return goesOn;
  }

  /** Lets go of everything that is not under way; how many that were. */
  public int clear() {
    int before = size();
    untried.clear();
    for (var first : retries) {
      for (var batch = first; batch != null; batch = batch.rest()) {
        batch.deliveries().forEach(this::unlink);
        untried.release(batch);
      }
    }
    retries.clear();
    departures.clear();
    return before - size();
  }

  private void unlink(Delivery delivery) {
    if (unfinished.remove(delivery.mark, delivery)) {
      bytes -= delivery.cost();
      budget.giveBack(delivery.cost());
    }
  }
}
