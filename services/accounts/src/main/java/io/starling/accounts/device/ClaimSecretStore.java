package io.starling.accounts.device;

import io.starling.contract.DeviceId;
import io.starling.contract.DevicesReply;
import io.starling.contract.DevicesRequest;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table {@code accounts.claim_secret}. */
final class ClaimSecretStore {
  private static final String PUT =
      """
      INSERT INTO accounts.claim_secret (device, hash)
      SELECT device.id, $4 FROM accounts.device JOIN accounts.product ON device.product = product.id
      WHERE device.id = $1 AND product.id = $2 AND product.owner = $3
      ON CONFLICT (device) DO UPDATE SET hash = excluded.hash, created_at = now()
      """;
  private static final String PUT_NEW =
      """
      INSERT INTO accounts.claim_secret (device, hash)
      SELECT device, hash FROM unnest($1::text[], $2::text[]) AS made(device, hash)
      """;
  private static final String LOCK =
      "SELECT hash FROM accounts.claim_secret WHERE device = $1 FOR UPDATE";
  private static final String DELETE = "DELETE FROM accounts.claim_secret WHERE device = $1";

  /** Keeps the hash of a device's secret; false if the account's product has no such device. */
  Future<Boolean> put(
      SqlConnection connection, DevicesRequest.CreateClaimSecret request, String hash) {
    return connection
        .preparedQuery(PUT)
        .execute(
            Tuple.of(
                request.device().toString(), request.product(), request.account().toString(), hash))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Keeps the hashes of those that devices were made with. */
  Future<Void> put(SqlConnection connection, List<DevicesReply.NewDevice> made) {
    var devices = new ArrayList<String>();
    var hashes = new ArrayList<String>();
    for (var device : made) {
      String secret = device.claimSecret();
      if (secret != null) {
        devices.add(device.id().toString());
        hashes.add(Secrets.hash(secret));
      }
    }
    return devices.isEmpty()
        ? Future.succeededFuture()
        : connection
            .preparedQuery(PUT_NEW)
            .execute(
                Tuple.tuple()
                    .addArrayOfString(devices.toArray(String[]::new))
                    .addArrayOfString(hashes.toArray(String[]::new)))
            .mapEmpty();
  }

  /** Finds the hash of a device's secret, and keeps others from using it meanwhile. */
  Future<Optional<String>> lock(SqlConnection connection, DeviceId device) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(device.toString()))
        .map(rows -> rows.stream().findFirst().map(row -> row.getString("hash")));
  }

  Future<Void> delete(SqlConnection connection, DeviceId device) {
    return connection.preparedQuery(DELETE).execute(Tuple.of(device.toString())).mapEmpty();
  }
}
