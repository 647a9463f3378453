package io.starling.relay.history;

import io.starling.contract.DeviceId;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.contract.UsageKind;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What was used: the tables {@code relay.usage_device} and {@code relay.usage_product}, and what
 * {@link CountStore} writes.
 */
final class UsageStore {
  /** Kind 0 are events. Of devices that were online a day has those of its busiest hour. */
  private static final String FIND =
      """
      WITH hours AS (
        SELECT hour, 0::smallint AS kind, sum(events) AS count, sum(bytes) AS bytes FROM relay.usage_%1$s
        WHERE account = $2 AND ($3 = 0 OR product = $3) AND hour >= date_trunc($1, $4::timestamptz, 'UTC') AND hour < $5 %2$s
        GROUP BY 1
        UNION ALL
        SELECT hour, kind, sum(count), 0 FROM relay.count_%1$s
        WHERE account = $2 AND ($3 = 0 OR product = $3) AND hour >= date_trunc($1, $4::timestamptz, 'UTC') AND hour < $5 %2$s
        GROUP BY 1, 2
      )
      SELECT date_trunc($1, hour, 'UTC') AS at, kind, (CASE kind WHEN $6 THEN max(count) ELSE sum(count) END)::bigint AS count, sum(bytes)::bigint AS bytes
      FROM hours GROUP BY 1, 2 ORDER BY 1, 2 LIMIT $7
      """;

  private static final String OF_DEVICES = FIND.formatted("device", "AND device = ANY ($8)");
  private static final String OF_ALL = FIND.formatted("product", "");

  private final PrimaryPool pool;

  UsageStore(PrimaryPool pool) {
    this.pool = pool;
  }

  Future<List<Used>> find(HistoryRequest.Usage asked, Duration within) {
    var device = asked.device();
    var among = device == null ? asked.among() : List.of(device);
    int most = HistoryRequest.Usage.MAX_BUCKETS * (UsageKind.values().length + 1);
    var parameters =
        Tuple.of(
                asked.byDay() ? "day" : "hour",
                asked.account().toString(),
                asked.product(),
                time(asked.startMillis()),
                time(asked.endMillis()))
            .addValue((short) UsageKind.ONLINE_DEVICES.code())
            .addValue(most);
    if (among != null) {
      parameters.addValue(among.stream().map(DeviceId::toString).toArray(String[]::new));
    }
    return pool.withConnection(
        within,
        connection ->
            connection
                .preparedQuery(among == null ? OF_ALL : OF_DEVICES)
                .execute(parameters)
                .map(UsageStore::used));
  }

  /** An hour or day, as its rows come. */
  private static final class Bucket {
    final long atMillis;
    final Map<UsageKind, Long> counts = new EnumMap<>(UsageKind.class);
    long events;
    long bytes;

    Bucket(long atMillis) {
      this.atMillis = atMillis;
    }

    Stream<Used> used() {
      boolean nothing = events == 0 && counts.isEmpty();
      return nothing ? Stream.empty() : Stream.of(new Used(atMillis, events, bytes, counts));
    }
  }

  private static List<Used> used(RowSet<Row> rows) {
    var buckets = new ArrayList<Bucket>();
    for (var row : rows) {
      long at = row.getOffsetDateTime("at").toInstant().toEpochMilli();
      if (buckets.isEmpty() || buckets.getLast().atMillis != at) {
        buckets.add(new Bucket(at));
      }
      var bucket = buckets.getLast();
      int code = row.getShort("kind");
      if (code == 0) {
        bucket.events = row.getLong("count");
        bucket.bytes = row.getLong("bytes");
      } else {
        UsageKind.of(code).ifPresent(kind -> bucket.counts.put(kind, row.getLong("count")));
      }
    }
    return buckets.stream().flatMap(Bucket::used).toList();
  }

  private static OffsetDateTime time(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }
}
