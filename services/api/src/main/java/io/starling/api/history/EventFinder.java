package io.starling.api.history;

import io.starling.bootstrap.bus.Bus;
import io.starling.bootstrap.cluster.EpochClock;
import io.starling.contract.AccountId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventId;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryRequest.Events;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * Finds an event of the history by its id. Events have no index by id: those of a device are in the
 * order of its sessions, and within one of their number, so that a few looks by time find one.
 * Events of apps are found where their time is told.
 */
public final class EventFinder {
  /** Nothing older is looked for: the log of attempts is not kept longer. */
  private static final Duration OLDEST = Duration.ofDays(32);

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration LOOK = Duration.ofMillis(990);

  /** A look that sees so many events often sees the one. */
  private static final int SEEN = 50;

  private static final int MOST_LOOKS = 40;

  private final Bus bus;
  private final InstantSource clock;

  /** A finder that asks the relays. */
  public EventFinder(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /** What looking came to. */
  public sealed interface Found {}

  /** This is it. */
  public record Is(Event event) implements Found {}

  /** There is none, or it is another's, or too old, or not in the database yet. */
  public record Absent() implements Found {}

  /** The database cannot be asked for now. */
  public record Unavailable(int retryAfterSeconds) implements Found {}

  /**
   * Looks for an event of an account.
   *
   * @param product only of this one; 0: of any and none
   * @param atMillis when it was published, 0 if that is not known
   */
  public Future<Found> find(AccountId account, int product, EventId id, long atMillis) {
    long now = clock.millis();
    if (atMillis != 0) {
      var all =
          new Events(
              account,
              product,
              null,
              null,
              false,
              null,
              null,
              atMillis,
              atMillis + 1,
              false,
              null,
              Events.MAX_LIMIT);
      return ask(all, id, _ -> Future.succeededFuture(new Absent()));
    }
    long began = Math.max(EpochClock.millis(id.epoch()), now - OLDEST.toMillis());
    return new Search(account, product, id).between(began, now + DAY.toMillis(), MOST_LOOKS);
  }

  /** What follows from a page that does not have it. */
  private interface Next {
    Future<Found> after(List<Event> page);
  }

  private Future<Found> ask(Events request, EventId id, Next next) {
    return bus.ask(request, LOOK)
        .otherwise(_ -> new HistoryReply.DatabaseDown(1))
        .compose(
            reply ->
                switch (reply) {
                  case HistoryReply.EventsFound(var events, _) -> {
                    var page = EventBatch.decode(events);
                    yield page.stream()
                        .filter(event -> event.id().equals(id))
                        .findFirst()
                        .map(event -> Future.<Found>succeededFuture(new Is(event)))
                        .orElseGet(() -> next.after(page));
                  }
                  case HistoryReply.PlaceUnknown _ -> Future.succeededFuture(new Absent());
                  case HistoryReply.DatabaseDown(int seconds) ->
                      Future.succeededFuture(new Unavailable(seconds));
                });
  }

  /** For one event of a device. */
  private final class Search {
    private final AccountId account;
    private final int product;
    private final EventId id;

    Search(AccountId account, int product, EventId id) {
      this.account = account;
      this.product = product;
      this.id = id;
    }

    Future<Found> between(long from, long to, int looks) {
      if (from >= to || looks == 0) {
        return Future.succeededFuture(new Absent());
      }
      long middle = from + (to - from) / 2;
      var request =
          new Events(
              account,
              product,
              id.origin(),
              null,
              false,
              null,
              null,
              middle,
              to,
              false,
              null,
              SEEN);
      return ask(request, id, page -> after(page, from, middle, to, looks - 1));
    }

    private Future<Found> after(List<Event> page, long from, long middle, long to, int looks) {
      if (page.isEmpty() || isBefore(id, page.getFirst().id())) {
        return between(from, middle, looks);
      }
      // It is behind all that were seen, or among them, where it is not.
      return isBefore(page.getLast().id(), id)
          ? between(Math.max(middle + 1, page.getLast().publishedAtMillis()), to, looks)
          : Future.succeededFuture(new Absent());
    }

    private static boolean isBefore(EventId one, EventId other) {
      return one.epoch() != other.epoch()
          ? one.epoch() < other.epoch()
          : one.sequence() < other.sequence();
    }
  }
}
