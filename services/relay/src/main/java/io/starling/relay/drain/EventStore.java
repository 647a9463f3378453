package io.starling.relay.drain;

import io.starling.contract.Event;
import io.starling.journal.Position;
import io.starling.postgres.PrimaryPool;
import io.starling.relay.retention.Partition;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The tables {@code relay.event} and {@code relay.cursor}, and what is counted of events. */
final class EventStore {
  private static final String FIND_CURSOR =
      """
      SELECT "index", "offset" FROM relay.cursor WHERE journal = $1 AND shard = $2 AND class = $3
      """;
  private static final String CREATE_CURSOR =
      """
      INSERT INTO relay.cursor (journal, shard, class, "index", "offset", term) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT DO NOTHING
      """;
  private static final String MOVE_CURSOR =
      """
      UPDATE relay.cursor SET "index" = $6, "offset" = $7, term = $8
      WHERE journal = $1 AND shard = $2 AND class = $3 AND "index" = $4 AND "offset" = $5 AND term <= $8
      """;
  private static final String ENSURE_DAY = "SELECT relay.ensure_day($1, $2)";

  /**
   * What is stored already counts no second time. Rows are counted in one order, so that no two
   * drains wait for each other.
   */
  private static final String INSERT =
      """
      WITH stored AS (
        INSERT INTO relay.event (published_at, origin_id, epoch, sequence, origin, class, account, product, name, data, properties, retention)
        SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::bigint[], $4::bigint[], $5::smallint[], $6::smallint[], $7::text[], $8::integer[], $9::text[], $10::bytea[], $11::bytea[], $12::smallint[])
        ON CONFLICT DO NOTHING
        RETURNING date_trunc('hour', published_at, 'UTC') AS hour, CASE origin WHEN 0 THEN origin_id ELSE '' END AS device, account, product,
          octet_length(name) + octet_length(data) AS bytes
      ), used AS (
        SELECT device, hour, account, product, count(*) AS events, sum(bytes) AS bytes FROM stored GROUP BY 1, 2, 3, 4
      ), of_devices AS (
        INSERT INTO relay.usage_device AS present (device, hour, account, product, events, bytes)
        SELECT * FROM used WHERE device <> '' ORDER BY 1, 2, 3, 4
        ON CONFLICT (device, hour, account, product) DO UPDATE
        SET events = present.events + excluded.events, bytes = present.bytes + excluded.bytes
      )
      INSERT INTO relay.usage_product AS present (account, product, hour, shard, class, events, bytes)
      SELECT account, product, hour, $13, $14, sum(events), sum(bytes) FROM used GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      ON CONFLICT (account, hour, product, shard, class) DO UPDATE
      SET events = present.events + excluded.events, bytes = present.bytes + excluded.bytes
      """;

  private static final int MAX_KNOWN_DAYS = 200;

  private final PrimaryPool pool;
  private final IntUnaryOperator treeOf;

  /** Days whose partition was there; asked again once anything fails. */
  private final Set<Partition> knownDays = new HashSet<>();

  /**
   * A store.
   *
   * @param treeOf tells in which tree of partitions the events of a product stand from now on
   */
  EventStore(PrimaryPool pool, IntUnaryOperator treeOf) {
    this.pool = pool;
    this.treeOf = treeOf;
  }

  /** Where a shard's drain goes on; the start, if this database has never seen the journal. */
  Future<Position> cursor(Lane lane, Position start, long term) {
    var which = Tuple.of(lane.journal(), lane.shard(), code(lane));
    var first =
        Tuple.of(lane.journal(), lane.shard(), code(lane), start.index(), start.offset(), term);
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(CREATE_CURSOR)
                .execute(first)
                .compose(made -> connection.preparedQuery(FIND_CURSOR).execute(which))
                .map(rows -> position(rows.iterator().next())));
  }

  /**
   * Stores events and moves the cursor, both or neither.
   *
   * @return false if the cursor was not where it should be: somebody else drains this shard
   */
  Future<Boolean> store(Lane lane, List<Event> events, Position from, Position to, long term) {
    var trees = events.stream().mapToInt(event -> treeOf.applyAsInt(event.product())).toArray();
    var unknown = unknownDays(events, trees);
    return pool.withTransaction(
            connection ->
                connection
                    .preparedQuery(MOVE_CURSOR)
                    .execute(
                        Tuple.of(lane.journal(), lane.shard(), code(lane))
                            .addValue(from.index())
                            .addValue(from.offset())
                            .addValue(to.index())
                            .addValue(to.offset())
                            .addValue(term))
                    .compose(
                        moved ->
                            moved.rowCount() == 0
                                ? Future.succeededFuture(false)
                                : insert(connection, lane, events, trees, unknown).map(true)))
        .onSuccess(stored -> know(stored ? unknown : Set.of()))
        .onFailure(cause -> knownDays.clear());
  }

  private static Future<Void> insert(
      SqlConnection connection,
      Lane lane,
      List<Event> events,
      int[] trees,
      Set<Partition> unknownDays) {
    if (events.isEmpty()) {
      return Future.succeededFuture();
    }
    Future<?> days = Future.succeededFuture();
    for (Partition each : unknownDays) {
      var parameters = Tuple.of(each.day(), each.tree());
      days = days.compose(done -> connection.preparedQuery(ENSURE_DAY).execute(parameters));
    }
    return days.compose(
            done ->
                connection
                    .preparedQuery(INSERT)
                    .execute(columns(events, trees).addValue(lane.shard()).addValue(code(lane))))
        .mapEmpty();
  }

  private Set<Partition> unknownDays(List<Event> events, int[] trees) {
    var days = new LinkedHashSet<Partition>();
    for (int i = 0; i < trees.length; i++) {
      var at = Instant.ofEpochMilli(events.get(i).publishedAtMillis());
      days.add(new Partition(trees[i], LocalDate.ofInstant(at, ZoneOffset.UTC)));
    }
    days.removeAll(knownDays);
    return days;
  }

  private void know(Set<Partition> days) {
    if (knownDays.size() + days.size() > MAX_KNOWN_DAYS) {
      knownDays.clear();
    }
    knownDays.addAll(days);
  }

  private static Tuple columns(List<Event> events, int[] trees) {
    int count = events.size();
    var at = new OffsetDateTime[count];
    var origins = new String[count];
    var epochs = new Long[count];
    var sequences = new Long[count];
    var kinds = new Short[count];
    var classes = new Short[count];
    var accounts = new String[count];
    var products = new Integer[count];
    var names = new String[count];
    var data = new Buffer[count];
    var properties = new @Nullable Buffer[count];
    var retentions = new Short[count];
    for (int i = 0; i < count; i++) {
      var event = events.get(i);
      at[i] = Instant.ofEpochMilli(event.publishedAtMillis()).atOffset(ZoneOffset.UTC);
      origins[i] = event.id().origin().toString();
      epochs[i] = event.id().epoch();
      sequences[i] = event.id().sequence();
      kinds[i] = (short) event.origin().code();
      classes[i] = (short) event.eventClass().code();
      accounts[i] = event.account().toString();
      products[i] = event.product();
      names[i] = event.name();
      data[i] = event.data();
      var said = event.manner().properties();
      properties[i] = said.length() == 0 ? null : said;
      retentions[i] = (short) trees[i];
    }
    return Tuple.tuple()
        .addValue(at)
        .addValue(origins)
        .addValue(epochs)
        .addValue(sequences)
        .addValue(kinds)
        .addValue(classes)
        .addValue(accounts)
        .addValue(products)
        .addValue(names)
        .addValue(data)
        .addValue(properties)
        .addValue(retentions);
  }

  private static Short code(Lane lane) {
    return (short) lane.eventClass().code();
  }

  private static Position position(Row row) {
    return new Position(row.getLong("index"), row.getInteger("offset"));
  }
}
