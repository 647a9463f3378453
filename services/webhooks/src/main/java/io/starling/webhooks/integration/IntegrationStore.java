package io.starling.webhooks.integration;

import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.directory.Entry;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** The table {@code webhooks.integration}. */
final class IntegrationStore {
  private static final String INSERT =
      """
      INSERT INTO webhooks.integration (id, account, event, url, disabled, configuration, paused_at)
      VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $5 THEN now() END)
      """;
  private static final String UPDATE =
      """
      UPDATE webhooks.integration
      SET event = $3, url = $4, disabled = $5, configuration = $6, updated_at = now(),
          paused_at = CASE WHEN $5 AND NOT disabled THEN now() ELSE paused_at END,
          resumed_at = CASE WHEN $5 THEN NULL WHEN disabled THEN now() ELSE resumed_at END
      WHERE id = $1 AND account = $2
      """;

  /** Only as it was when its endpoint was asked: who has edited it since may mean another one. */
  private static final String DISABLE =
      """
      UPDATE webhooks.integration
      SET disabled = true, configuration = configuration || '{"disabled": true}',
          updated_at = now(), paused_at = now(), resumed_at = NULL
      WHERE id = $1 AND account = $2 AND configuration = $3 AND NOT disabled
      """;

  private static final String DELETE =
      "DELETE FROM webhooks.integration WHERE id = $1 AND account = $2";

  /** As {@code Hook} reads the product that an integration is for. */
  private static final String MOVE =
      """
      UPDATE webhooks.integration SET account = $3 WHERE account = $1
        AND coalesce(configuration ->> 'productID', configuration ->> 'productid', configuration ->> 'productId') = $2
      """;

  Future<Void> insert(
      SqlConnection connection, IntegrationId id, AccountId account, Configuration configuration) {
    return connection.preparedQuery(INSERT).execute(row(id, account, configuration)).mapEmpty();
  }

  /** Replaces it; false if the account has no such integration. */
  Future<Boolean> update(
      SqlConnection connection, IntegrationId id, AccountId account, Configuration configuration) {
    return connection
        .preparedQuery(UPDATE)
        .execute(row(id, account, configuration))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Switches it off, unless it is or is another by now; whether it did. */
  Future<Boolean> disable(SqlConnection connection, Entry.Integration integration) {
    return connection
        .preparedQuery(DISABLE)
        .execute(
            Tuple.of(
                integration.id().toString(),
                integration.account().toString(),
                integration.configuration()))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Deletes it; false if the account has no such integration. */
  Future<Boolean> delete(SqlConnection connection, IntegrationId id, AccountId account) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(id.toString(), account.toString()))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Gives those of a product to another account. */
  Future<Void> move(SqlConnection connection, AccountId account, int product, AccountId to) {
    return connection
        .preparedQuery(MOVE)
        .execute(Tuple.of(account.toString(), Integer.toString(product), to.toString()))
        .mapEmpty();
  }

  private static Tuple row(IntegrationId id, AccountId account, Configuration configuration) {
    return Tuple.of(
        id.toString(),
        account.toString(),
        configuration.event(),
        configuration.url(),
        configuration.disabled(),
        configuration.all());
  }
}
