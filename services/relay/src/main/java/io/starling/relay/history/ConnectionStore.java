package io.starling.relay.history;

import io.starling.contract.HistoryReply.Connection;
import io.starling.contract.HistoryRequest;
import io.starling.contract.UserProperties;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rows of {@code relay.event} that tell when devices came and went. */
final class ConnectionStore {
  private static final String FIND =
      """
      SELECT published_at, epoch, sequence, data, properties FROM relay.event
      WHERE name = 'spark/status' AND origin_id = $1 AND account = $2 AND published_at >= $7 AND published_at <= $3
        AND (published_at, epoch, sequence) < ($3, $4, $5)
      ORDER BY published_at DESC, epoch DESC, sequence DESC LIMIT $6
      """;

  private final PrimaryPool pool;

  ConnectionStore(PrimaryPool pool) {
    this.pool = pool;
  }

  /** A connection, and where it stands. */
  record Found(Connection connection, Place place) {}

  /** Those before a place and not before a time, the latest first. */
  Future<List<Found>> before(
      HistoryRequest.Connections request, Place place, long from, int limit, Duration within) {
    var at = Instant.ofEpochMilli(place.atMillis()).atOffset(ZoneOffset.UTC);
    var parameters =
        Tuple.of(
            request.device().toString(),
            request.account().toString(),
            at,
            place.epoch(),
            place.sequence(),
            limit,
            Instant.ofEpochMilli(from).atOffset(ZoneOffset.UTC));
    return pool.withConnection(
        within,
        connection ->
            connection
                .preparedQuery(FIND)
                .execute(parameters)
                .map(
                    rows -> {
                      var found = new ArrayList<Found>();
                      rows.forEach(row -> found.add(found(row)));
                      return found;
                    }));
  }

  private static Found found(Row row) {
    long at = row.getOffsetDateTime("published_at").toInstant().toEpochMilli();
    return new Found(
        new Connection(at, row.getBuffer("data").toString(), details(row.getBuffer("properties"))),
        new Place(at, row.getLong("epoch"), row.getLong("sequence")));
  }

  private static Map<String, String> details(@Nullable Buffer properties) {
    return properties == null ? Map.of() : UserProperties.decode(properties);
  }
}
