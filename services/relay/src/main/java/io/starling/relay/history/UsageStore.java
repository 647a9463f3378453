package io.starling.relay.history;

import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The tables {@code relay.usage_device} and {@code relay.usage_product}. */
final class UsageStore {
  private static final String FIND =
      """
      SELECT date_trunc($1, hour, 'UTC') AS at, sum(events)::bigint AS events, sum(bytes)::bigint AS bytes FROM relay.%s
      WHERE account = $2 AND ($3 = 0 OR product = $3) AND hour >= date_trunc($1, $4::timestamptz, 'UTC') AND hour < $5 AND %s
      GROUP BY 1 ORDER BY 1 LIMIT $7
      """;
  private static final String OF_DEVICE = FIND.formatted("usage_device", "device = $6");
  private static final String OF_ALL = FIND.formatted("usage_product", "$6 = ''");

  private final PrimaryPool pool;

  UsageStore(PrimaryPool pool) {
    this.pool = pool;
  }

  Future<List<Used>> find(HistoryRequest.Usage asked, Duration within) {
    var device = asked.device();
    var parameters =
        Tuple.of(
                asked.byDay() ? "day" : "hour",
                asked.account().toString(),
                asked.product(),
                time(asked.startMillis()),
                time(asked.endMillis()))
            .addValue(device == null ? "" : device.toString())
            .addValue(HistoryRequest.Usage.MAX_BUCKETS);
    return pool.withConnection(
        within,
        connection ->
            connection
                .preparedQuery(device == null ? OF_ALL : OF_DEVICE)
                .execute(parameters)
                .map(
                    rows -> {
                      var used = new ArrayList<Used>();
                      rows.forEach(
                          row ->
                              used.add(
                                  new Used(
                                      row.getOffsetDateTime("at").toInstant().toEpochMilli(),
                                      row.getLong("events"),
                                      row.getLong("bytes"))));
                      return used;
                    }));
  }

  private static OffsetDateTime time(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }
}
