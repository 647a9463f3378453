package io.starling.relay.history;

import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.ConnectionsReply;
import io.starling.contract.HistoryRequest;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what devices did. Belongs to the relay's event loop. */
public final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final int RETRY_SECONDS = 5;
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
  private static final long STRETCH_MILLIS = 32 * DAY_MILLIS;
  private static final Duration LIMIT = Duration.ofMillis(900);

  private final ConnectionStore connections;
  private final EventHistory events;
  private final UsageStore usage;
  private final CountStore counts;
  private final InstantSource clock = InstantSource.system();

  /** Over the operational database. */
  public History(PrimaryPool database) {
    this.connections = new ConnectionStore(database);
    this.usage = new UsageStore(database);
    this.counts = new CountStore(database);
    this.events = new EventHistory(database, clock);
  }

  /** Answers; fails only by a mistake of ours. */
  public Future<? extends HistoryReply> answer(HistoryRequest request) {
    return switch (request) {
      case HistoryRequest.Connections asked -> connections(asked);
      case HistoryRequest.Events asked ->
          events.page(asked).recover(cause -> Future.succeededFuture(down(cause)));
      case HistoryRequest.Usage asked ->
          usage
              .find(asked, LIMIT)
              .<HistoryReply.UsageReply>map(HistoryReply.UsageFound::new)
              .otherwise(History::down);
      case HistoryRequest.NoteUsage asked ->
          counts
              .note(asked, LIMIT)
              .<HistoryReply.NoteUsageReply>map(_ -> new HistoryReply.UsageNoted())
              .otherwise(History::down);
    };
  }

  private Future<ConnectionsReply> connections(HistoryRequest.Connections asked) {
    var from = asked.before() == null ? Optional.of(Place.END) : Place.parse(asked.before());
    if (from.isEmpty()) {
      return Future.succeededFuture(new HistoryReply.PlaceUnknown());
    }
    int limit = Math.clamp(asked.limit(), 1, HistoryRequest.Connections.MAX_LIMIT);
    long now = clock.millis();
    var last = new Place(now + DAY_MILLIS, Long.MAX_VALUE, Long.MAX_VALUE);
    var place = from.get().atMillis() > last.atMillis() ? last : from.get();
    return gather(new Gathering(asked, limit, now, new ArrayList<>()), place)
        .map(found -> page(found, limit))
        .otherwise(History::down);
  }

  /** What is found stretch by stretch, so that no question opens the partitions of a year. */
  private record Gathering(
      HistoryRequest.Connections asked,
      int limit,
      long beganAtMillis,
      List<ConnectionStore.Found> found) {}

  private Future<List<ConnectionStore.Found>> gather(Gathering so, Place before) {
    long oldest = so.beganAtMillis() - EventHistory.MAX_AGE_MILLIS;
    long from = Math.max(oldest, before.atMillis() - STRETCH_MILLIS);
    var left = LIMIT.minusMillis(Math.min(clock.millis() - so.beganAtMillis(), LIMIT.toMillis()));
    int wanted = so.limit() + 1 - so.found().size();
    return connections
        .before(so.asked(), before, from, wanted, left)
        .compose(
            found -> {
              so.found().addAll(found);
              return found.size() == wanted || from <= oldest
                  ? Future.succeededFuture(so.found())
                  : gather(so, new Place(from, 0, 0));
            });
  }

  private static ConnectionsReply page(List<ConnectionStore.Found> found, int limit) {
    var page = found.subList(0, Math.min(limit, found.size()));
    return new HistoryReply.ConnectionsFound(
        page.stream().map(ConnectionStore.Found::connection).toList(),
        found.size() > limit ? page.getLast().place().toString() : null);
  }

  private static HistoryReply.DatabaseDown down(Throwable cause) {
    if (!(cause instanceof DatabaseUnavailable)) {
      LOG.warn("The history cannot be read: {}", cause.getMessage());
    }
    return new HistoryReply.DatabaseDown(RETRY_SECONDS);
  }
}
