package io.starling.accounts.device;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The devices of {@code accounts.device} that come into a product, or go. */
final class QuarantineStore {
  private static final String LOCK_PRODUCT =
      """
      SELECT owner, platform, quarantine AND EXISTS (
        SELECT FROM accounts.product_authority WHERE product = product.id AND fingerprint = $2) AS wanted
      FROM accounts.product WHERE id = $1 FOR NO KEY UPDATE
      """;
  private static final String COUNT =
      "SELECT count(*) FROM accounts.device WHERE product = $1 AND quarantined";
  private static final String INSERT =
      """
      INSERT INTO accounts.device (id, owner, product, platform, secret_hash, quarantined)
      VALUES ($1, $2, $3, $4, $5, true)
      ON CONFLICT DO NOTHING
      """;
  private static final String APPROVE =
      """
      UPDATE accounts.device SET quarantined = false, denied = false
      WHERE id = ANY($1) AND product = $2 AND quarantined RETURNING id
      """;
  private static final String ADD =
      """
      UPDATE accounts.device SET product = $2
      WHERE id = ANY($1) AND owner = $3 AND product IS NULL RETURNING id
      """;
  private static final String FIND =
      "SELECT id FROM accounts.device WHERE id = ANY($1) AND product = $2";
  private static final String DENY =
      "UPDATE accounts.device SET denied = true WHERE id = $1 AND product = $2 AND quarantined";
  private static final String FORGET =
      "DELETE FROM accounts.device WHERE id = $1 AND product = $2 AND quarantined";
  private static final String TAKE_OUT =
      """
      UPDATE accounts.device
      SET product = NULL, serial_number = NULL, development = false, desired_firmware_version = NULL, groups = '{}'
      WHERE id = $1 AND product = $2 AND NOT quarantined
      """;

  /**
   * A product that a device wants to be in.
   *
   * @param wanted whether it takes unknown devices of the authority that was asked about
   */
  record Home(String owner, int platform, boolean wanted) {}

  /** Finds a product, and keeps other devices from registering there meanwhile. */
  Future<Optional<Home>> lockHome(SqlConnection connection, int product, String authority) {
    return connection
        .preparedQuery(LOCK_PRODUCT)
        .execute(Tuple.of(product, authority))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(home(rows.iterator().next())));
  }

  private static Home home(Row row) {
    return new Home(row.getString("owner"), row.getInteger("platform"), row.getBoolean("wanted"));
  }

  /** How many are in quarantine, denied ones too. */
  Future<Long> count(SqlConnection connection, int product) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(product))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Puts a device into quarantine; one that is known stays as it is. */
  Future<Void> insert(
      SqlConnection connection, DeviceId device, int product, Home home, String secretHash) {
    return connection
        .preparedQuery(INSERT)
        .execute(Tuple.of(device.toString(), home.owner(), product, home.platform(), secretHash))
        .mapEmpty();
  }

  /** Approves those that are in quarantine; tells which. */
  Future<Set<DeviceId>> approve(
      SqlConnection connection, Collection<DeviceId> devices, int product) {
    return ids(connection, APPROVE, Tuple.of(texts(devices), product));
  }

  /** Adds those that an account owns and that are in no product; tells which. */
  Future<Set<DeviceId>> add(
      SqlConnection connection, Collection<DeviceId> devices, int product, AccountId owner) {
    return ids(connection, ADD, Tuple.of(texts(devices), product, owner.toString()));
  }

  /** Those of them that are in a product. */
  Future<Set<DeviceId>> find(SqlConnection connection, Collection<DeviceId> devices, int product) {
    return ids(connection, FIND, Tuple.of(texts(devices), product));
  }

  /** Refuses a device for good; false if it is not in quarantine there. */
  Future<Boolean> deny(SqlConnection connection, DeviceId device, int product) {
    return changes(connection, DENY, device, product);
  }

  /** Forgets a device; false if it is not in quarantine there. */
  Future<Boolean> forget(SqlConnection connection, DeviceId device, int product) {
    return changes(connection, FORGET, device, product);
  }

  /** Takes a device out of a product; false if it is not there, or in quarantine. */
  Future<Boolean> takeOut(SqlConnection connection, DeviceId device, int product) {
    return changes(connection, TAKE_OUT, device, product);
  }

  private static Future<Boolean> changes(
      SqlConnection connection, String sql, DeviceId device, int product) {
    return connection
        .preparedQuery(sql)
        .execute(Tuple.of(device.toString(), product))
        .map(rows -> rows.rowCount() == 1);
  }

  private static String[] texts(Collection<DeviceId> devices) {
    return devices.stream().map(DeviceId::toString).toArray(String[]::new);
  }

  private static Future<Set<DeviceId>> ids(SqlConnection connection, String sql, Tuple values) {
    return connection
        .preparedQuery(sql)
        .execute(values)
        .map(
            rows -> {
              var ids = new HashSet<DeviceId>();
              rows.forEach(row -> ids.add(DeviceId.of(row.getString("id"))));
              return ids;
            });
  }
}
