package io.starling.webhooks.redelivery;

import io.starling.contract.DeliveriesReply.Owed;
import io.starling.contract.DeliveriesReply.PageFound;
import io.starling.contract.DeliveriesReply.State;
import io.starling.contract.DeliveriesRequest.Filter;
import io.starling.contract.DeliveriesRequest.Page;
import io.starling.contract.DeliveriesRequest.Redeliver;
import io.starling.contract.DeviceId;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The table {@code webhooks.delivery}, as people look at it. */
final class RedeliveryStore {
  /** Rows that one page looks at, whether they fit or not. */
  static final int MAX_SCANNED = 5_000;

  /** Beyond all times that PostgreSQL and the API have. */
  private static final long LATEST_MILLIS = Instant.parse("9999-01-01T00:00:00Z").toEpochMilli();

  private static final Duration WITHIN = Duration.ofMillis(900);

  /** Those that fit, and the last one that was looked at. */
  private static final String PAGE =
      """
      SELECT *, number = $8 AS is_last FROM (
        SELECT *, ($6::text IS NULL OR device = $6) AND ($7::text IS NULL OR name = $7) AS fits, row_number() OVER () AS number
        FROM (
          SELECT id, name, device, published_at, state, due_at, attempts, first_error, last_error FROM webhooks.delivery
          WHERE integration = $1 AND state = $2 AND published_at >= $3 AND (published_at, id) < ($4, $5)
          ORDER BY published_at DESC, id DESC LIMIT $8
        ) AS scanned
      ) AS numbered
      WHERE fits OR number = $8 ORDER BY number LIMIT $9
      """;

  private static final String THOSE =
      """
      FROM webhooks.delivery
      WHERE integration = $1 AND state = $2 AND published_at >= $3 AND published_at < $4
        AND ($5::text IS NULL OR device = $5) AND ($6::text IS NULL OR name = $6)
        AND ($7::text[] IS NULL OR id = ANY ($7::text[]))
      """;
  private static final String COUNT =
      "SELECT count(*)::integer AS count FROM (SELECT 1 " + THOSE + " LIMIT $8) AS those";
  private static final String REDELIVER =
      """
      WITH those AS (SELECT id %s ORDER BY published_at, id LIMIT $8 FOR UPDATE SKIP LOCKED)
      UPDATE webhooks.delivery AS d
      SET state = 'parked', due_at = now(), expires_at = now() + $9 * interval '1 second', attempts = 0, changed_at = now()
      FROM those WHERE d.id = those.id
      """
          .formatted(THOSE);

  private final PrimaryPool pool;
  private final Duration maxAge;

  RedeliveryStore(PrimaryPool pool, Duration maxAge) {
    this.pool = pool;
    this.maxAge = maxAge;
  }

  /** How many there are, or were. */
  record Count(int rows, boolean more) {}

  Future<PageFound> page(Page request, OwedPlace place) {
    var filter = request.filter();
    var values =
        Tuple.of(filter.integration().toString(), text(filter.state()), time(filter.startMillis()))
            .addValue(time(place.publishedAtMillis()))
            .addValue(place.webhookId())
            .addValue(device(filter))
            .addValue(filter.event())
            .addValue(MAX_SCANNED)
            .addValue(request.limit() + 1);
    return run(PAGE, values).map(rows -> page(rows, request.limit()));
  }

  private static PageFound page(RowSet<Row> rows, int limit) {
    var found = new ArrayList<Owed>();
    String next = null;
    for (var row : rows) {
      if (found.size() == limit) {
        return new PageFound(found, place(found.getLast()));
      }
      if (row.getBoolean("fits")) {
        found.add(owed(row));
      }
      next = row.getBoolean("is_last") ? place(owed(row)) : null;
    }
    return new PageFound(found, next);
  }

  private static String place(Owed owed) {
    return new OwedPlace(owed.publishedAtMillis(), owed.webhookId()).toString();
  }

  Future<Count> count(Redeliver request) {
    return run(COUNT, those(request).addValue(Redeliver.MOST + 1))
        .map(rows -> rows.iterator().next().getInteger("count"))
        .map(count -> new Count(Math.min(count, Redeliver.MOST), count > Redeliver.MOST));
  }

  /** Takes as many as one request may; whether there are more, is known by asking again. */
  Future<Count> redeliver(Redeliver request) {
    var values = those(request).addValue(Redeliver.MOST).addValue(maxAge.toSeconds());
    return run(REDELIVER, values)
        .map(rows -> new Count(rows.rowCount(), rows.rowCount() == Redeliver.MOST));
  }

  private static Tuple those(Redeliver request) {
    var filter = request.filter();
    return Tuple.of(
            filter.integration().toString(),
            text(filter.state()),
            time(filter.startMillis()),
            time(filter.endMillis()))
        .addValue(device(filter))
        .addValue(filter.event())
        .addValue(request.ids().isEmpty() ? null : request.ids().toArray(String[]::new));
  }

  private Future<RowSet<Row>> run(String query, Tuple values) {
    return pool.withConnection(
        WITHIN, connection -> connection.preparedQuery(query).execute(values));
  }

  private static Owed owed(Row row) {
    String device = row.getString("device");
    return new Owed(
        row.getString("id"),
        row.getString("name"),
        device == null ? null : DeviceId.of(device),
        millis(row, "published_at"),
        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        millis(row, "due_at"),
        row.getInteger("attempts"),
        row.getString("first_error"),
        row.getString("last_error"));
  }

  private static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String device(Filter filter) {
    var device = filter.device();
    return device == null ? null : device.toString();
  }

  private static long millis(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant().toEpochMilli();
  }

  private static OffsetDateTime time(long millis) {
    return Instant.ofEpochMilli(Math.min(millis, LATEST_MILLIS)).atOffset(ZoneOffset.UTC);
  }
}
