package io.starling.webhooks.integration;

import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.contract.SigningKind;
import io.starling.directory.SigningSecret;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;

/** The table {@code webhooks.signing_key}. */
final class SigningKeyStore {
  /** Its row, so that two who make keys come one after the other. */
  private static final String LOCK =
      "SELECT 1 FROM webhooks.integration WHERE id = $1 AND account = $2 FOR UPDATE";

  private static final String EXPIRED =
      "DELETE FROM webhooks.signing_key WHERE integration = $1 AND expires_at <= now()";
  private static final String FORGET =
      """
      DELETE FROM webhooks.signing_key
      WHERE id IN (SELECT id FROM webhooks.signing_key WHERE expires_at <= now() LIMIT 100)
      """;
  private static final String COUNT =
      "SELECT count(*) FROM webhooks.signing_key WHERE integration = $1";
  private static final String INSERT =
      """
      INSERT INTO webhooks.signing_key (id, integration, account, kind, secret)
      VALUES ($1, $2, $3, $4, $5) RETURNING created_at
      """;
  private static final String DELETE =
      "DELETE FROM webhooks.signing_key WHERE id = $1 AND integration = $2 AND account = $3";

  /** Never makes one live longer than it would. */
  private static final String EXPIRE =
      """
      UPDATE webhooks.signing_key
      SET expires_at = least(expires_at, now() + make_interval(secs => $4::bigint))
      WHERE id = $1 AND integration = $2 AND account = $3 AND (expires_at IS NULL OR expires_at > now())
      """;

  /** Holds the integration until the end of the transaction; false if the account has none such. */
  Future<Boolean> lock(SqlConnection connection, AccountId account, IntegrationId integration) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(integration.toString(), account.toString()))
        .map(rows -> rows.rowCount() == 1);
  }

  /** How many it has, once those whose time is over are gone. */
  Future<Long> countLive(SqlConnection connection, IntegrationId integration) {
    var which = Tuple.of(integration.toString());
    return connection
        .preparedQuery(EXPIRED)
        .execute(which)
        .compose(_ -> connection.preparedQuery(COUNT).execute(which))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Deletes some of those, of whomever, whose time is over; how many. */
  Future<Integer> forget(SqlConnection connection) {
    return connection.preparedQuery(FORGET).execute().map(rows -> rows.rowCount());
  }

  /** Adds one; when that was. */
  Future<Instant> insert(
      SqlConnection connection,
      String id,
      AccountId account,
      IntegrationId integration,
      SigningKind kind,
      SigningSecret secret) {
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(id, integration.toString(), account.toString(), kind.text(), secret.text()))
        .map(rows -> rows.iterator().next().get(OffsetDateTime.class, 0).toInstant());
  }

  /** Deletes it, now or by and by; false if there is none such. */
  Future<Boolean> delete(
      SqlConnection connection,
      String id,
      AccountId account,
      IntegrationId integration,
      long afterSeconds) {
    var which = Tuple.of(id, integration.toString(), account.toString());
    return connection
        .preparedQuery(afterSeconds == 0 ? DELETE : EXPIRE)
        .execute(afterSeconds == 0 ? which : which.addLong(afterSeconds))
        .map(rows -> rows.rowCount() == 1);
  }
}
