package io.starling.relay.history;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Events;
import io.starling.contract.Origin;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events out of {@code relay.event}, by time. What one question costs is bounded, whatever it asks
 * for: it looks at {@link #MAX_SCANNED} rows at most, out of the days it names only, and takes
 * along data only as far as there is room for them.
 */
final class EventHistoryStore {
  /** Rows that one question looks at, whether they fit or not. */
  static final int MAX_SCANNED = 10_000;

  /**
   * The inner part reads rows by an index, in order, and stops; the middle tells which fit and
   * counts; the outer one ends it as soon as the page is full. Data are taken along by reference.
   */
  private static final String FIND =
      """
      SELECT published_at, origin_id, epoch, sequence, origin, class, product, name, number = $7 AS is_last,
        CASE WHEN fits AND bytes_before < $8 THEN data END AS data
      FROM (
        SELECT scanned.*, row_number() OVER place AS number,
          coalesce(sum(CASE WHEN fits THEN octet_length(data) + 100 ELSE 0 END) OVER (place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS bytes_before
        FROM (
          SELECT published_at, origin_id, epoch, sequence, origin, class, product, name, data,
            ($9::text IS NULL OR (CASE WHEN $10::boolean THEN name = $9 ELSE starts_with(name, $9) END))
              AND ($11::smallint IS NULL OR class = $11) AND ($12::smallint IS NULL OR origin = $12) AS fits
          FROM relay.event
          WHERE %1$s AND published_at >= $1 AND published_at < $2
            AND published_at %3$s $3 AND (published_at, origin_id, epoch, sequence) %2$s ($3, $4, $5, $6)
          ORDER BY published_at %4$s, origin_id %4$s, epoch %4$s, sequence %4$s LIMIT $7
        ) scanned
        WINDOW place AS (ORDER BY published_at %4$s, origin_id %4$s, epoch %4$s, sequence %4$s)
      ) told
      WHERE fits OR number = $7
      ORDER BY published_at %4$s, origin_id %4$s, epoch %4$s, sequence %4$s LIMIT $13
      """;

  /** Rows are read by an index in their order, and no more of them than are needed. */
  private static final String BOUNDS =
      "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
          + " SET LOCAL enable_sort = off; SET LOCAL statement_timeout = ";

  private static final String OF_ACCOUNT = "account = $14";
  private static final String OF_PRODUCT = "product = $15 AND product <> 0 AND account = $14";
  private static final String OF_DEVICE = "origin = 0 AND origin_id = $15 AND account = $14";
  private static final String OF_PRODUCT_DEVICE =
      "origin = 0 AND origin_id = $15 AND product = $16 AND account = $14";

  /** They have an index of their own: those of a device are few among many. */
  private static final String OF_VITALS = " AND name = '" + Events.VITALS + "'";

  private final PrimaryPool pool;

  EventHistoryStore(PrimaryPool pool) {
    this.pool = pool;
  }

  /**
   * A row that was looked at.
   *
   * @param event null if it does not fit what was asked for, or there is no room for it
   * @param isLast whether nothing behind it was looked at
   */
  record Found(@Nullable Event event, EventPlace place, boolean isLast) {}

  /**
   * A part of what was asked for.
   *
   * @param from at this time or later
   * @param to before this time
   * @param after behind this place, in the order asked for
   * @param limit rows; one more than wanted shows whether there is more
   * @param bytes beyond which no event is taken along
   */
  record Stretch(long from, long to, EventPlace after, int limit, int bytes) {}

  /** The events of a stretch, in order. */
  Future<List<Found>> find(HistoryRequest.Events request, Stretch stretch, Duration within) {
    var after = stretch.after();
    var parameters =
        Tuple.tuple()
            .addValue(time(stretch.from()))
            .addValue(time(stretch.to()))
            .addValue(time(after.atMillis()))
            .addValue(after.origin())
            .addValue(after.epoch())
            .addValue(after.sequence())
            .addValue((long) MAX_SCANNED)
            .addValue((long) stretch.bytes())
            .addValue(request.name())
            .addValue(request.exact())
            .addValue(request.eventClass() == null ? null : (short) request.eventClass().code())
            .addValue(request.origin() == null ? null : (short) request.origin().code())
            .addValue((long) stretch.limit())
            .addValue(request.account().toString());
    var statement = statement(request, parameters);
    return pool.withTransaction(
        within,
        connection ->
            connection
                .query(BOUNDS + within.toMillis())
                .execute()
                .compose(set -> connection.preparedQuery(statement).execute(parameters))
                .map(
                    rows -> {
                      var found = new ArrayList<Found>(rows.size());
                      rows.forEach(row -> found.add(found(row, request.account())));
                      return found;
                    }));
  }

  private static String statement(HistoryRequest.Events request, Tuple parameters) {
    String whose;
    if (request.device() != null) {
      parameters.addValue(request.device().toString());
      whose = request.product() == 0 ? OF_DEVICE : OF_PRODUCT_DEVICE;
    } else {
      whose = request.product() == 0 ? OF_ACCOUNT : OF_PRODUCT;
    }
    if (request.product() != 0) {
      parameters.addValue(request.product());
    }
    if (request.device() != null && request.exact() && Events.VITALS.equals(request.name())) {
      whose += OF_VITALS;
    }
    return request.newestFirst()
        ? FIND.formatted(whose, "<", "<=", "DESC")
        : FIND.formatted(whose, ">", ">=", "ASC");
  }

  private static OffsetDateTime time(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }

  private static Found found(Row row, AccountId account) {
    long at = row.getOffsetDateTime("published_at").toInstant().toEpochMilli();
    var origin = row.getString("origin_id");
    long epoch = row.getLong("epoch");
    long sequence = row.getLong("sequence");
    var place = new EventPlace(at, origin, epoch, sequence);
    boolean isLast = row.getBoolean("is_last");
    Buffer data = row.getBuffer("data");
    if (data == null) {
      return new Found(null, place, isLast);
    }
    var event =
        new Event(
            new EventId(DeviceId.of(origin), epoch, sequence),
            Origin.of(row.getShort("origin").byteValue()),
            account,
            row.getInteger("product"),
            row.getString("name"),
            data,
            EventClass.of(row.getShort("class").byteValue()),
            at);
    return new Found(event, place, isLast);
  }
}
