package io.starling.accounts.device;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.DevicesRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** The table {@code accounts.device}. */
final class DeviceStore {
  private static final String PLATFORM_IF_OWNER =
      "SELECT platform FROM accounts.product WHERE id = $1 AND owner = $2";
  private static final String INSERT =
      """
      INSERT INTO accounts.device (id, owner, product, platform, secret_hash)
      SELECT id, $1, $2, $3, hash FROM unnest($4::text[], $5::text[]) AS made(id, hash)
      """;
  private static final String STORE_KEY =
      """
      INSERT INTO accounts.device_key (device, algorithm, public_key)
      SELECT id, $3, $4 FROM accounts.device WHERE id = $1 AND owner = $2
      ON CONFLICT (device) DO UPDATE
      SET algorithm = excluded.algorithm, public_key = excluded.public_key, stored_at = now()
      """;
  private static final String RELEASE =
      "UPDATE accounts.device SET owner = NULL, name = NULL, notes = NULL WHERE id = $1 AND owner = $2 AND NOT quarantined";

  /** Finds the platform of a product that belongs to an account. */
  Future<Optional<Integer>> platform(SqlConnection connection, int product, AccountId owner) {
    return connection
        .preparedQuery(PLATFORM_IF_OWNER)
        .execute(Tuple.of(product, owner.toString()))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.of(rows.iterator().next().getInteger("platform")));
  }

  Future<Void> insert(
      SqlConnection connection,
      AccountId owner,
      int product,
      int platform,
      List<String> ids,
      List<String> secretHashes) {
    var row =
        Tuple.of(
            owner.toString(),
            product,
            platform,
            ids.toArray(String[]::new),
            secretHashes.toArray(String[]::new));
    return connection.preparedQuery(INSERT).execute(row).mapEmpty();
  }

  /** Keeps a public key; false if the account owns no such device. */
  Future<Boolean> storeKey(SqlConnection connection, DevicesRequest.StorePublicKey key) {
    return connection
        .preparedQuery(STORE_KEY)
        .execute(
            Tuple.of(
                key.device().toString(),
                key.account().toString(),
                key.algorithm(),
                key.publicKey()))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Takes the owner away; false if the account owns no such device. */
  Future<Boolean> release(SqlConnection connection, DeviceId device, AccountId owner) {
    return connection
        .preparedQuery(RELEASE)
        .execute(Tuple.of(device.toString(), owner.toString()))
        .map(rows -> rows.rowCount() == 1);
  }
}
