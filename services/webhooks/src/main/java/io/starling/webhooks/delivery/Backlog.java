package io.starling.webhooks.delivery;

import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.webhooks.match.Terms;
import io.starling.webhooks.match.Terms.Batching;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * What is owed to one integration out of one shard and is held in memory: new deliveries in the
 * order of the journal, and those that wait for another attempt. Knows the oldest unfinished one,
 * which is where its cursor has to stay. Belongs to one event loop.
 */
public final class Backlog {
  /** Of so many starts while both wait, one is a repeated attempt: new before retries, not only. */
  private static final int RETRY_EVERY = 4;

  /** The data of the events of one batch, of which its body is made. */
  private static final int MOST_BATCH_BYTES = 1 << 20;

  private final AccountId account;
  private final IntegrationId integration;
  private final Endpoint endpoint;
  private final Budget budget;
  private final Runnable onFinished;

  private final ArrayDeque<Delivery> fresh = new ArrayDeque<>();
  private final PriorityQueue<Batch> retries =
      new PriorityQueue<>(Comparator.comparingLong((Batch batch) -> batch.dueMillis));
  private @Nullable Delivery oldest;
  private @Nullable Delivery newest;
  private int size;
  private long bytes;
  private long freshBytes;
  private int starts;

  /** Whether it stands in the line of those that wait for their turn. */
  boolean waiting;

  /** Whether its endpoint keeps it until there is a place. */
  boolean kept;

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
  }

  /** Whose integration it is owed to. */
  public AccountId account() {
    return account;
  }

  /** The integration it is owed to. */
  public IntegrationId integration() {
    return integration;
  }

  /** How many deliveries are unfinished. */
  public int size() {
    return size;
  }

  /** The memory held, roughly. */
  public long bytes() {
    return bytes;
  }

  /** Tells whether the endpoint is tried by probes only. */
  public boolean isProbing() {
    return endpoint.circuit.isOpen();
  }

  /** Where the oldest unfinished delivery stands. */
  public Optional<Mark> oldest() {
    return oldest == null ? Optional.empty() : Optional.of(oldest.mark);
  }

  /** For how long the oldest unfinished delivery has been here; 0 if there is none. */
  public long oldestHeldMillis(long nowMillis) {
    return oldest == null ? 0 : nowMillis - oldest.acceptedAtMillis;
  }

  /** When the oldest unfinished event was published; {@code fallback} if there is none. */
  public long oldestPublishedMillis(long fallback) {
    return oldest == null ? fallback : oldest.event.publishedAtMillis();
  }

  Endpoint endpoint() {
    return endpoint;
  }

  void add(Delivery delivery) {
    if (newest == null) {
      oldest = delivery;
    } else {
      newest.newer = delivery;
      delivery.older = newest;
    }
    newest = delivery;
    fresh.add(delivery);
    freshBytes += delivery.cost();
    size++;
    bytes += delivery.cost();
    budget.take(delivery.cost());
  }

  /** The next to try, empty if none is due. */
  Optional<Batch> take(long nowMillis, Terms terms) {
    boolean due = isRetryDue(nowMillis);
    if (due && (isProbing() || starts % RETRY_EVERY == 0)) {
      starts++;
      return Optional.of(retries.remove());
    }
    var first = takeFresh(nowMillis, terms.batch());
    starts += first.isPresent() ? 1 : 0;
    return first.isPresent() || !due ? first : Optional.of(retries.remove());
  }

  private Optional<Batch> takeFresh(long nowMillis, @Nullable Batching batching) {
    int most = batching == null ? 1 : batching.events();
    if (fresh.isEmpty() || (batching != null && !isRipe(nowMillis, batching))) {
      return Optional.empty();
    }
    var members = new ArrayList<Delivery>();
    long sum = 0;
    while (members.size() < most && !fresh.isEmpty()) {
      sum += fresh.peek().cost();
      if (sum > MOST_BATCH_BYTES && !members.isEmpty()) {
        break;
      }
      members.add(removeFresh());
    }
    return Optional.of(new Batch(members));
  }

  /** Waiting for more is of no use where there is no room for more. */
  private boolean isRipe(long nowMillis, Batching batching) {
    return fresh.size() >= batching.events()
        || freshBytes >= Math.min(MOST_BATCH_BYTES, budget.shareOfBytes() / 2)
        || budget.isTight()
        || isProbing()
        || nowMillis - fresh.element().acceptedAtMillis >= batching.millis();
  }

  private Delivery removeFresh() {
    var first = fresh.remove();
    freshBytes -= first.cost();
    return first;
  }

  private boolean isRetryDue(long nowMillis) {
    var retry = retries.peek();
    return retry != null && (isProbing() || retry.dueMillis <= nowMillis);
  }

  /** Tells whether one may be due. */
  boolean hasDue(long nowMillis) {
    return !fresh.isEmpty() || isRetryDue(nowMillis);
  }

  void retry(Batch batch, long dueMillis) {
    batch.dueMillis = dueMillis;
    retries.add(batch);
  }

  /** It will not be tried again: what waits for that is next. */
  void settle(Batch batch, long nowMillis) {
    var rest = batch.rest();
    if (rest != null) {
      retry(rest, nowMillis);
    }
  }

  /** A delivery has ended, one way or another. */
  void finish(Delivery delivery) {
    unlink(delivery);
    onFinished.run();
  }

  /** Lets go of what was never tried; the mark of the first of these, from where to read again. */
  public Optional<Mark> shed() {
    var first = Optional.ofNullable(fresh.peek()).map(delivery -> delivery.mark);
    forgetFresh();
    return first;
  }

  private void forgetFresh() {
    fresh.forEach(this::unlink);
    fresh.clear();
    freshBytes = 0;
  }

  /** Tells whether there are deliveries that were never tried. */
  public boolean hasFresh() {
    return !fresh.isEmpty();
  }

  /** Lets go of everything that is not under way; how many that were. */
  int clear() {
    int before = size;
    forgetFresh();
    for (var first : retries) {
      for (var batch = first; batch != null; batch = batch.rest()) {
        batch.deliveries().forEach(this::unlink);
      }
    }
    retries.clear();
    return before - size;
  }

  private void unlink(Delivery delivery) {
    if (delivery.older == null) {
      oldest = delivery.newer;
    } else {
      delivery.older.newer = delivery.newer;
    }
    if (delivery.newer == null) {
      newest = delivery.older;
    } else {
      delivery.newer.older = delivery.older;
    }
    delivery.older = null;
    delivery.newer = null;
    size--;
    bytes -= delivery.cost();
    budget.giveBack(delivery.cost());
  }
}
