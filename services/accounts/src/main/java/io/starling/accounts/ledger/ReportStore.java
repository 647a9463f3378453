package io.starling.accounts.ledger;

import io.starling.contract.LedgersReply.State;
import io.starling.contract.LedgersRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables {@code accounts.ledger_report} and {@code accounts.ledger_version}. */
final class ReportStore {
  private static final String LEDGERS =
      """
      SELECT id, account, name FROM accounts.ledger
      WHERE upstream AND archived_at IS NULL
        AND (account, name) IN (SELECT * FROM unnest($1::text[], $2::text[]))
      """;

  /** In one order, so that two who bring reports do not wait for each other. */
  private static final String PRESENT =
      """
      SELECT ledger, scope_value, version, epoch, sequence, data, updated_at FROM accounts.ledger_report
      WHERE (ledger, scope_value) IN (SELECT * FROM unnest($1::text[], $2::text[]))
      ORDER BY ledger, scope_value FOR UPDATE
      """;

  private static final String PUT =
      """
      INSERT INTO accounts.ledger_report
        (ledger, scope_value, version, epoch, sequence, data, created_at, updated_at)
      SELECT ledger, scope_value, version, epoch, sequence, data, at, at
      FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::timestamptz[])
        AS new (ledger, scope_value, version, epoch, sequence, data, at)
      ON CONFLICT (ledger, scope_value) DO UPDATE SET version = excluded.version, epoch = excluded.epoch,
        sequence = excluded.sequence, data = excluded.data, updated_at = excluded.updated_at
      """;
  private static final String KEEP =
      """
      INSERT INTO accounts.ledger_version (ledger, scope_value, version, data, created_at, replaced_at)
      SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[])
      ON CONFLICT DO NOTHING
      """;
  private static final String FORGET =
      """
      DELETE FROM accounts.ledger_version AS old USING (
        SELECT ledger, scope_value, version,
          row_number() OVER (PARTITION BY ledger, scope_value ORDER BY version DESC) AS place
        FROM accounts.ledger_version
        WHERE (ledger, scope_value) IN (SELECT * FROM unnest($1::text[], $2::text[]))) AS ranked
      WHERE place > %d AND old.ledger = ranked.ledger AND old.scope_value = ranked.scope_value
        AND old.version = ranked.version
      """
          .formatted(LedgersRequest.KEPT_VERSIONS);
  private static final String FIND =
      """
      SELECT scope_value, version, data, created_at, updated_at, NULL::timestamptz AS replaced_at
      FROM accounts.ledger_report WHERE ledger = $1 AND ($2::text IS NULL OR scope_value = $2)
      ORDER BY scope_value OFFSET $3 LIMIT $4
      """;
  private static final String COUNT =
      "SELECT count(*) FROM accounts.ledger_report WHERE ledger = $1";
  private static final String VERSIONS =
      """
      SELECT scope_value, version, data, updated_at AS created_at, updated_at, NULL::timestamptz AS replaced_at
      FROM accounts.ledger_report WHERE ledger = $1 AND scope_value = $2
      UNION ALL
      SELECT scope_value, version, data, updated_at, updated_at, NULL
      FROM accounts.ledger_instance WHERE ledger = $1 AND scope_value = $2 AND data IS NOT NULL
      UNION ALL
      SELECT scope_value, version, data, created_at, created_at, replaced_at
      FROM accounts.ledger_version WHERE ledger = $1 AND scope_value = $2
      ORDER BY version DESC
      """;

  /** Which instance of which ledger. */
  record InstanceKey(String ledger, String scopeValue) {}

  /** A state that was reported. */
  record Reported(
      InstanceKey key, long version, long epoch, long sequence, String data, OffsetDateTime at) {

    /** Tells whether it was reported after another of its device. */
    boolean isAfter(Reported other) {
      return epoch > other.epoch || (epoch == other.epoch && sequence > other.sequence);
    }
  }

  /** One that another has taken the place of. */
  record Replaced(Reported state, OffsetDateTime at) {}

  /** The ids of upstream ledgers, by account and name with a slash between. */
  Future<Map<String, String>> ledgers(
      SqlConnection connection, List<String> accounts, List<String> names) {
    return connection
        .preparedQuery(LEDGERS)
        .execute(
            Tuple.tuple()
                .addValue(accounts.toArray(String[]::new))
                .addValue(names.toArray(String[]::new)))
        .map(
            rows -> {
              var ids = new HashMap<String, String>();
              rows.forEach(
                  row ->
                      ids.put(
                          row.getString("account") + "/" + row.getString("name"),
                          row.getString("id")));
              return ids;
            });
  }

  /** What stands at these keys, locked. */
  Future<Map<InstanceKey, Reported>> present(
      SqlConnection connection, Collection<InstanceKey> keys) {
    return connection
        .preparedQuery(PRESENT)
        .execute(tuple(keys))
        .map(
            rows -> {
              var found = new HashMap<InstanceKey, Reported>();
              rows.forEach(row -> found.put(reported(row).key(), reported(row)));
              return found;
            });
  }

  private static Tuple tuple(Collection<InstanceKey> keys) {
    return Tuple.tuple()
        .addValue(keys.stream().map(InstanceKey::ledger).toArray(String[]::new))
        .addValue(keys.stream().map(InstanceKey::scopeValue).toArray(String[]::new));
  }

  private static Reported reported(Row row) {
    return new Reported(
        new InstanceKey(row.getString("ledger"), row.getString("scope_value")),
        row.getLong("version"),
        row.getLong("epoch"),
        row.getLong("sequence"),
        row.getString("data"),
        row.getOffsetDateTime("updated_at"));
  }

  /** Puts states in the place of others, and keeps the last of those. */
  Future<Void> put(SqlConnection connection, List<Reported> now, List<Replaced> before) {
    var keys = now.stream().map(Reported::key).toList();
    return connection
        .preparedQuery(PUT)
        .execute(columns(now))
        .compose(_ -> connection.preparedQuery(KEEP).execute(replaced(before)))
        .compose(_ -> connection.preparedQuery(FORGET).execute(tuple(keys)))
        .mapEmpty();
  }

  private static Tuple columns(List<Reported> states) {
    return tuple(states.stream().map(Reported::key).toList())
        .addValue(states.stream().map(Reported::version).toArray(Long[]::new))
        .addValue(states.stream().map(Reported::epoch).toArray(Long[]::new))
        .addValue(states.stream().map(Reported::sequence).toArray(Long[]::new))
        .addValue(states.stream().map(Reported::data).toArray(String[]::new))
        .addValue(states.stream().map(Reported::at).toArray(OffsetDateTime[]::new));
  }

  private static Tuple replaced(List<Replaced> before) {
    var states = before.stream().map(Replaced::state).toList();
    return tuple(states.stream().map(Reported::key).toList())
        .addValue(states.stream().map(Reported::version).toArray(Long[]::new))
        .addValue(states.stream().map(Reported::data).toArray(String[]::new))
        .addValue(states.stream().map(Reported::at).toArray(OffsetDateTime[]::new))
        .addValue(before.stream().map(Replaced::at).toArray(OffsetDateTime[]::new));
  }

  /** What was reported, by scope value. */
  Future<List<State>> find(
      SqlConnection connection, String ledger, @Nullable String scopeValue, int offset, int limit) {
    return connection
        .preparedQuery(FIND)
        .execute(
            Tuple.tuple()
                .addString(ledger)
                .addString(scopeValue)
                .addInteger(offset)
                .addInteger(limit))
        .map(ReportStore::states);
  }

  Future<Long> count(SqlConnection connection, String ledger) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(ledger))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** The versions of an instance, the latest first. */
  Future<List<State>> versions(SqlConnection connection, String ledger, String scopeValue) {
    return connection
        .preparedQuery(VERSIONS)
        .execute(Tuple.of(ledger, scopeValue))
        .map(ReportStore::states);
  }

  private static List<State> states(RowSet<Row> rows) {
    var states = new ArrayList<State>();
    for (Row row : rows) {
      var replaced = row.getOffsetDateTime("replaced_at");
      states.add(
          new State(
              row.getString("scope_value"),
              row.getLong("version"),
              row.getString("data"),
              millis(row.getOffsetDateTime("created_at")),
              millis(row.getOffsetDateTime("updated_at")),
              replaced == null ? null : millis(replaced)));
    }
    return states;
  }

  private static long millis(OffsetDateTime at) {
    return at.toInstant().toEpochMilli();
  }

  /** A time as the database takes it. */
  static OffsetDateTime at(long millis) {
    return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
  }
}
