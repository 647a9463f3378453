package io.starling.postgres.change;

import io.starling.contract.AccountId;
import io.starling.contract.Actor;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * What somebody does, kept in {@code starling.audit} by the transaction that does it: neither is
 * there without the other.
 *
 * @param operation what was asked of the service
 */
public record Deeds(Actor actor, String operation) {
  private static final int MOST_TARGETS = 20;

  /**
   * What the change log has of this transaction tells what was changed and whose it is; what is not
   * followed there, what {@code starling.note_change} noted. A transaction that has neither did
   * nothing, whatever it locked or wrote anew as it was.
   */
  private static final String RECORD =
      """
      WITH change AS (
        SELECT kind, key, coalesce(after, before) AS row,
          before - '{updated_at,updated_by}'::text[] IS DISTINCT FROM after - '{updated_at,updated_by}'::text[] AS real
        FROM starling.change_log
        WHERE term = starling.restores() AND transaction = pg_current_xact_id_if_assigned()
      ), beside AS (
        SELECT nullif(current_setting('starling.changed', true), '')::jsonb AS noted
      ), targets AS (
        SELECT kind || '/' || CASE kind WHEN 'token' THEN right(key, 8) ELSE key END AS target FROM change WHERE real
        UNION SELECT jsonb_array_elements_text(noted -> 'targets') FROM beside
      ), about AS (
        SELECT (SELECT count(*) FROM change) AS followed, (SELECT count(*) FROM targets) AS changes,
          ARRAY(SELECT target FROM targets ORDER BY target LIMIT %d) AS targets,
          coalesce(min(row ->> 'organization'), min(row ->> 'owner'), min(row ->> 'account'),
            min(CASE WHEN kind IN ('account', 'organization') THEN key END)) AS account,
          min(CASE kind WHEN 'product' THEN key::integer ELSE (row ->> 'product')::integer END)
            FILTER (WHERE kind = 'product' OR row ->> 'product' <> '0') AS product
        FROM change WHERE real
      ), kept AS (
        INSERT INTO starling.audit (outcome, actor_kind, actor, token, client, action, operation, account, product,
          targets, target_count, address, agent, request)
        SELECT 'done', $1, $2, $3, $4, $5, $6, coalesce(about.account, noted ->> 'account', ''),
          coalesce(nullif($7::integer, 0), about.product, (noted ->> 'product')::integer, 0),
          about.targets, about.changes, $8, $9, $10
        FROM about, beside WHERE about.changes > 0
      )
      SELECT starling.restores() AS term,
        CASE WHEN about.followed > 0 THEN pg_current_xact_id()::text::bigint ELSE 0 END AS transaction
      FROM about
      """
          .formatted(MOST_TARGETS);

  private static final String ALSO =
      """
      INSERT INTO starling.audit (outcome, actor_kind, actor, token, client, action, operation, account, product,
        targets, target_count, address, agent, request)
      VALUES ('done', $1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12)
      """;

  /**
   * What is committed.
   *
   * @param transaction 0 if nothing of it is followed by the feed
   */
  record Recorded(long term, long transaction) {}

  /** Keeps what this transaction did so far, as its last step. */
  Future<Recorded> record(SqlConnection connection) {
    return connection
        .preparedQuery(RECORD)
        .execute(
            Tuple.of(actor.kind().text(), actor.id(), actor.token(), actor.client(), actor.action())
                .addValue(operation)
                .addValue(actor.product())
                .addValue(actor.address())
                .addValue(actor.agent())
                .addValue(actor.request()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Recorded(row.getLong("term"), row.getLong("transaction"));
            });
  }

  /** Keeps it, by the same transaction, also as what concerns another account. */
  public Future<Void> alsoOf(SqlConnection connection, AccountId account, List<String> targets) {
    return connection
        .preparedQuery(ALSO)
        .execute(
            Tuple.of(actor.kind().text(), actor.id(), actor.token(), actor.client(), actor.action())
                .addValue(operation)
                .addValue(account.toString())
                .addValue(targets.toArray(String[]::new))
                .addValue(targets.size())
                .addValue(actor.address())
                .addValue(actor.agent())
                .addValue(actor.request()))
        .mapEmpty();
  }

  /** Keeps it for work that no feed follows, and passes its value on. */
  public <T> Future<T> after(SqlConnection connection, T value) {
    return record(connection).map(value);
  }
}
