package io.starling.webhooks.parked;

import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.Origin;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.Term;
import io.starling.webhooks.delivery.Delivery;
import io.starling.webhooks.delivery.Departure;
import io.starling.webhooks.delivery.Mark;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The table {@code webhooks.delivery}, as a follower of one shard uses it. */
final class ParkedStore {
  private static final String INSERT =
      """
      INSERT INTO webhooks.delivery (id, integration, shard, journal_index, journal_offset, number,
          device, name, published_at, event, state, due_at, expires_at, attempts, first_error,
          last_error)
      SELECT id, $1, $2, journal_index, journal_offset, number, device, name, published_at, event,
          state, due_at, expires_at, attempts, error, error
      FROM unnest($3::text[], $4::bigint[], $5::integer[], $6::integer[], $7::text[], $8::text[],
          $9::timestamptz[], $10::bytea[], $11::text[], $12::timestamptz[], $13::timestamptz[],
          $14::integer[], $15::text[])
        AS t (id, journal_index, journal_offset, number, device, name, published_at, event, state,
          due_at, expires_at, attempts, error)
      ON CONFLICT (id) DO NOTHING
      """;
  private static final String UPDATE =
      """
      UPDATE webhooks.delivery d
      SET state = t.state, due_at = t.due_at, attempts = t.attempts, last_error = t.error,
          first_error = CASE WHEN first_error = '' THEN t.error ELSE first_error END,
          changed_at = now()
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::integer[], $5::text[])
        AS t (id, state, due_at, attempts, error)
      WHERE d.id = t.id AND d.state = 'parked'
      """;
  private static final String DELETE = "DELETE FROM webhooks.delivery WHERE id = ANY ($1::text[])";

  /** Of so many rows as many as are no more bytes than allowed, and one at least. */
  private static final String DUE =
      """
      SELECT event, journal_index, journal_offset, number, due_at, expires_at, attempts, last_error
      FROM (
        SELECT *, sum(length(event)) OVER w AS bytes, row_number() OVER w AS place
        FROM (
          SELECT * FROM webhooks.delivery
          WHERE shard = $1 AND integration = $2 AND state = 'parked' AND due_at <= $3
            AND id <> ALL ($4::text[])
          ORDER BY due_at, journal_index, journal_offset, number LIMIT $5
        ) AS first
        WINDOW w AS (ORDER BY due_at, journal_index, journal_offset, number)
      ) AS summed
      WHERE bytes <= $6 OR place = 1
      ORDER BY place
      """;

  /** The same in the order of the journal, whenever they are due. */
  private static final String AFTER =
      """
      SELECT event, journal_index, journal_offset, number, due_at, expires_at, attempts, last_error
      FROM (
        SELECT *, sum(length(event)) OVER w AS bytes, row_number() OVER w AS place
        FROM (
          SELECT * FROM webhooks.delivery
          WHERE shard = $1 AND integration = $2 AND state = 'parked'
            AND (journal_index, journal_offset, number) >= ($3, $4, $5)
          ORDER BY journal_index, journal_offset, number LIMIT $6
        ) AS first
        WINDOW w AS (ORDER BY journal_index, journal_offset, number)
      ) AS summed
      WHERE bytes <= $7 OR place = 1
      ORDER BY place
      """;

  /** Looks at one row of each, however many there are. */
  private static final String INTEGRATIONS =
      """
      WITH RECURSIVE found AS (
        (SELECT integration FROM webhooks.delivery WHERE shard = $1 AND state = 'parked'
         ORDER BY integration LIMIT 1)
        UNION ALL
        SELECT (SELECT d.integration FROM webhooks.delivery d
                WHERE d.shard = $1 AND d.state = 'parked' AND d.integration > found.integration
                ORDER BY d.integration LIMIT 1)
        FROM found WHERE found.integration IS NOT NULL
      )
      SELECT integration FROM found WHERE integration IS NOT NULL
      """;

  private final PrimaryPool pool;

  ParkedStore(PrimaryPool pool) {
    this.pool = pool;
  }

  /** Adds rows; those that are there already stay as they are. */
  Future<Void> insert(int shard, IntegrationId integration, List<ParkedRow> rows) {
    var values =
        Tuple.of(
            integration.toString(),
            shard,
            texts(rows, row -> Delivery.webhookId(row.event(), integration)),
            rows.stream().map(row -> row.mark().position().index()).toArray(Long[]::new),
            numbers(rows, row -> row.mark().position().offset()),
            numbers(rows, row -> row.mark().event()),
            texts(rows, row -> device(row.event())),
            texts(rows, row -> clean(row.event().name())),
            times(rows, row -> row.event().publishedAtMillis()),
            rows.stream().map(row -> EventBatch.encode(row.event())).toArray(Buffer[]::new),
            texts(rows, row -> row.state().text()),
            times(rows, ParkedRow::dueMillis),
            times(rows, ParkedRow::expiresMillis));
    values.addValue(numbers(rows, ParkedRow::attempts));
    values.addValue(texts(rows, row -> clean(row.error())));
    return pool.withTransaction(connection -> run(connection, INSERT, values)).mapEmpty();
  }

  /** Tells what became of rows. */
  Future<Void> settle(IntegrationId integration, List<Departure> departures) {
    var done = departures.stream().filter(one -> one.fate() == Departure.Fate.DONE).toList();
    var rest = departures.stream().filter(one -> one.fate() != Departure.Fate.DONE).toList();
    return pool.withTransaction(
            connection ->
                delete(connection, integration, done)
                    .compose(_ -> update(connection, integration, rest)))
        .mapEmpty();
  }

  private static Future<?> delete(
      SqlConnection connection, IntegrationId integration, List<Departure> done) {
    return done.isEmpty()
        ? Future.succeededFuture()
        : run(connection, DELETE, Tuple.of(texts(done, one -> id(one, integration))));
  }

  private static Future<?> update(
      SqlConnection connection, IntegrationId integration, List<Departure> rest) {
    if (rest.isEmpty()) {
      return Future.succeededFuture();
    }
    var rows = rest.stream().map(one -> ParkedRow.of(one, 0)).toList();
    var values =
        Tuple.of(
            texts(rest, one -> id(one, integration)),
            texts(rows, row -> row.state().text()),
            times(rows, ParkedRow::dueMillis),
            numbers(rows, ParkedRow::attempts),
            texts(rows, row -> clean(row.error())));
    return run(connection, UPDATE, values);
  }

  private static String id(Departure departure, IntegrationId integration) {
    return Delivery.webhookId(departure.event(), integration);
  }

  /** Which integrations have rows that wait, in a database of which term. */
  record Waiting(Term term, List<IntegrationId> integrations) {}

  /** Which integrations have rows that wait. */
  Future<Waiting> waiting(int shard) {
    return pool.withConnection(
        connection ->
            Term.read(connection)
                .compose(
                    term ->
                        run(connection, INTEGRATIONS, Tuple.of(shard))
                            .map(rows -> new Waiting(term, list(rows, ParkedStore::integration)))));
  }

  private static IntegrationId integration(Row row) {
    return IntegrationId.of(row.getString("integration"));
  }

  /**
   * What is to be tried next.
   *
   * @param held ids of rows that are not wanted
   */
  Future<List<ParkedRow>> due(
      int shard,
      IntegrationId integration,
      long nowMillis,
      Collection<String> held,
      int most,
      long bytes) {
    var values =
        Tuple.of(
            shard,
            integration.toString(),
            time(nowMillis),
            held.toArray(String[]::new),
            most,
            bytes);
    return pool.withConnection(connection -> run(connection, DUE, values))
        .map(rows -> list(rows, ParkedStore::row));
  }

  /** What stands at a mark of the journal and behind it, in that order. */
  Future<List<ParkedRow>> after(
      int shard, IntegrationId integration, Mark from, int most, long bytes) {
    var values =
        Tuple.of(
                shard,
                integration.toString(),
                from.position().index(),
                from.position().offset(),
                from.event(),
                most)
            .addValue(bytes);
    return pool.withConnection(connection -> run(connection, AFTER, values))
        .map(rows -> list(rows, ParkedStore::row));
  }

  private static Future<RowSet<Row>> run(SqlConnection connection, String query, Tuple values) {
    return connection.preparedQuery(query).execute(values);
  }

  private static ParkedRow row(Row row) {
    var position =
        new JournalPosition(row.getLong("journal_index"), row.getInteger("journal_offset"));
    return new ParkedRow(
        EventBatch.decode(row.getBuffer("event")).getFirst(),
        new Mark(position, row.getInteger("number")),
        ParkedRow.State.PARKED,
        millis(row, "due_at"),
        millis(row, "expires_at"),
        row.getInteger("attempts"),
        row.getString("last_error"));
  }

  private static long millis(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant().toEpochMilli();
  }

  private static <T> List<T> list(RowSet<Row> rows, Function<Row, T> mapper) {
    var list = new ArrayList<T>();
    rows.forEach(row -> list.add(mapper.apply(row)));
    return list;
  }

  private static @Nullable String device(Event event) {
    return event.origin() == Origin.DEVICE ? event.id().origin().toString() : null;
  }

  /** Texts of PostgreSQL hold any character but this. */
  private static String clean(String text) {
    return text.replace('\0', ' ');
  }

  private static <T> @Nullable String[] texts(List<T> rows, Function<T, @Nullable String> value) {
    return rows.stream().map(value).toArray(String[]::new);
  }

  private static <T> Integer[] numbers(List<T> rows, Function<T, Integer> value) {
    return rows.stream().map(value).toArray(Integer[]::new);
  }

  private static <T> OffsetDateTime[] times(List<T> rows, Function<T, Long> millis) {
    return rows.stream().map(row -> time(millis.apply(row))).toArray(OffsetDateTime[]::new);
  }

  private static OffsetDateTime time(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }
}
