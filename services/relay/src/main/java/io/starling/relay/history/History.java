package io.starling.relay.history;

import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.ConnectionsReply;
import io.starling.contract.HistoryRequest;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what devices did. Belongs to the relay's event loop. */
public final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final int RETRY_SECONDS = 5;

  private final ConnectionStore connections;
  private final EventHistory events;

  /** Over the operational database. */
  public History(PrimaryPool database) {
    this.connections = new ConnectionStore(database);
    this.events = new EventHistory(database, InstantSource.system());
  }

  /** Answers; fails only by a mistake of ours. */
  public Future<? extends HistoryReply> answer(HistoryRequest request) {
    return switch (request) {
      case HistoryRequest.Connections asked -> connections(asked);
      case HistoryRequest.Events asked ->
          events.page(asked).recover(cause -> Future.succeededFuture(down(cause)));
    };
  }

  private Future<ConnectionsReply> connections(HistoryRequest.Connections asked) {
    var from = asked.before() == null ? Optional.of(Place.END) : Place.parse(asked.before());
    if (from.isEmpty()) {
      return Future.succeededFuture(new HistoryReply.PlaceUnknown());
    }
    int limit = Math.clamp(asked.limit(), 1, HistoryRequest.Connections.MAX_LIMIT);
    return connections
        .before(asked, from.get(), limit + 1)
        .map(found -> page(found, limit))
        .otherwise(History::down);
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
