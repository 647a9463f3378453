package io.starling.webhooks.parked;

import io.starling.contract.IntegrationId;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The table {@code webhooks.delivery} as a whole: what is too old in it, and how much it is. */
final class SweepStore {
  /** Rows of one statement, so that none takes long. */
  static final int MOST = 1_000;

  private static final String EXPIRE =
      """
      UPDATE webhooks.delivery
      SET state = 'dead', changed_at = now(), last_error =
        CASE last_error WHEN '' THEN 'too old' ELSE 'too old: ' || last_error END
      WHERE id IN (SELECT id FROM webhooks.delivery
                   WHERE state = 'parked' AND expires_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
      """;
  private static final String FORGET =
      """
      DELETE FROM webhooks.delivery
      WHERE id IN (SELECT id FROM webhooks.delivery
                   WHERE state = 'dead' AND changed_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
      """;

  /** Looks at one row of each integration, however many there are. */
  private static final String ORPHANS =
      """
      WITH RECURSIVE found AS (
        (SELECT integration FROM webhooks.delivery ORDER BY integration LIMIT 1)
        UNION ALL
        SELECT (SELECT d.integration FROM webhooks.delivery d
                WHERE d.integration > found.integration ORDER BY d.integration LIMIT 1)
        FROM found WHERE found.integration IS NOT NULL
      )
      SELECT integration FROM found
      WHERE integration IS NOT NULL
        AND NOT EXISTS (SELECT FROM webhooks.integration i WHERE i.id = found.integration)
      """;

  private static final String DROP =
      """
      DELETE FROM webhooks.delivery
      WHERE id IN (SELECT id FROM webhooks.delivery WHERE integration = $1 LIMIT $2)
      """;
  private static final String FIGURES =
      """
      SELECT count(*) FILTER (WHERE state = 'parked') AS parked,
        count(*) FILTER (WHERE state = 'dead') AS dead,
        coalesce(extract(epoch FROM now() - min(published_at) FILTER (WHERE state = 'parked')), 0)
          ::bigint AS oldest
      FROM webhooks.delivery
      """;

  private final PrimaryPool pool;

  SweepStore(PrimaryPool pool) {
    this.pool = pool;
  }

  /** Gives up what is too old; how many that were. */
  Future<Integer> expire(Instant now) {
    return run(EXPIRE, Tuple.of(now.atOffset(ZoneOffset.UTC), MOST));
  }

  /** Removes what was given up before a time; how many that were. */
  Future<Integer> forget(Instant before) {
    return run(FORGET, Tuple.of(before.atOffset(ZoneOffset.UTC), MOST));
  }

  /** Integrations that are owed something and are gone. */
  Future<List<IntegrationId>> orphans() {
    return pool.withConnection(connection -> connection.query(ORPHANS).execute())
        .map(
            rows -> {
              var found = new ArrayList<IntegrationId>();
              rows.forEach(row -> found.add(IntegrationId.of(row.getString(0))));
              return found;
            });
  }

  /** Removes what an integration is owed; how many that were. */
  Future<Integer> drop(IntegrationId integration) {
    return run(DROP, Tuple.of(integration.toString(), MOST));
  }

  private Future<Integer> run(String statement, Tuple values) {
    return pool.withConnection(connection -> connection.preparedQuery(statement).execute(values))
        .map(rows -> rows.rowCount());
  }

  Future<Sweep.Figures> figures() {
    return pool.withConnection(connection -> connection.query(FIGURES).execute())
        .map(rows -> figures(rows.iterator().next()));
  }

  private static Sweep.Figures figures(Row row) {
    return new Sweep.Figures(row.getLong("parked"), row.getLong("dead"), row.getLong("oldest"));
  }
}
