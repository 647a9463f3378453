package io.starling.relay.history;

import io.starling.contract.HistoryRequest.NoteUsage;
import io.starling.contract.HistoryRequest.UsageNote;
import io.starling.contract.UsageKind;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;

/**
 * The tables {@code relay.count_device}, {@code relay.count_product} and {@code
 * relay.count_source}.
 */
final class CountStore {
  /**
   * A batch that was heard before adds nothing. Rows are counted in one order, so that no two
   * batches wait for each other. A device is online in an hour once, whoever tells of it.
   */
  private static final String NOTE =
      """
      WITH heard AS (
        INSERT INTO relay.count_source AS present (source, batch, at) VALUES ($1, $2, now())
        ON CONFLICT (source) DO UPDATE SET batch = excluded.batch, at = excluded.at WHERE present.batch < excluded.batch
        RETURNING source
      ), given AS (
        SELECT * FROM unnest($3::text[], $4::integer[], $5::text[], $6::timestamptz[], $7::smallint[], $8::bigint[])
          AS note (account, product, device, hour, kind, count)
        WHERE EXISTS (SELECT FROM heard)
      ), of_devices AS (
        INSERT INTO relay.count_device AS present (device, hour, account, product, kind, count)
        SELECT device, hour, account, product, kind, sum(count) FROM given WHERE device <> '' GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT (device, hour, account, product, kind) DO UPDATE SET count = present.count + excluded.count
      ), online AS (
        INSERT INTO relay.count_device (device, hour, account, product, kind, count)
        SELECT DISTINCT device, hour, account, product, $10::smallint, 1 FROM given WHERE device <> '' AND kind = $9 ORDER BY 1, 2, 3, 4
        ON CONFLICT DO NOTHING
        RETURNING account, product, hour, kind, count
      )
      INSERT INTO relay.count_product AS present (account, product, hour, kind, count)
      SELECT account, product, hour, kind, sum(count)
      FROM (SELECT account, product, hour, kind, count FROM given UNION ALL SELECT account, product, hour, kind, count FROM online) AS all_of_them
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (account, hour, product, kind) DO UPDATE SET count = present.count + excluded.count
      """;

  private final PrimaryPool pool;

  CountStore(PrimaryPool pool) {
    this.pool = pool;
  }

  Future<Void> note(NoteUsage asked, Duration within) {
    var notes = asked.notes();
    var parameters =
        Tuple.of(asked.source(), asked.batch())
            .addValue(all(notes, note -> note.account().toString()).toArray(String[]::new))
            .addValue(all(notes, UsageNote::product).toArray(Integer[]::new))
            .addValue(all(notes, CountStore::device).toArray(String[]::new))
            .addValue(all(notes, note -> time(note.hourMillis())).toArray(OffsetDateTime[]::new))
            .addValue(all(notes, note -> (short) note.kind().code()).toArray(Short[]::new))
            .addValue(all(notes, UsageNote::count).toArray(Long[]::new))
            .addValue((short) UsageKind.ONLINE_SECONDS.code())
            .addValue((short) UsageKind.ONLINE_DEVICES.code());
    return pool.withConnection(
        within, connection -> connection.preparedQuery(NOTE).execute(parameters).mapEmpty());
  }

  private static String device(UsageNote note) {
    var device = note.device();
    return device == null ? "" : device.toString();
  }

  private static OffsetDateTime time(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }

  private static <T> List<T> all(List<UsageNote> notes, Function<UsageNote, T> value) {
    return notes.stream().map(value).toList();
  }
}
