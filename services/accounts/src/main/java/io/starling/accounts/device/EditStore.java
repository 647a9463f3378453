package io.starling.accounts.device;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceChange;
import io.starling.contract.DeviceId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is set about the devices of {@code accounts.device}. */
final class EditStore {
  private static final String LOCK_OWNED =
      "SELECT id FROM accounts.device WHERE id = $1 AND owner = $2 FOR NO KEY UPDATE";
  private static final String LOCK_IN_PRODUCT =
      """
      SELECT device.id FROM accounts.device JOIN accounts.product ON device.product = product.id
      WHERE device.id = $1 AND product.owner = $2 AND product.id = $3 FOR NO KEY UPDATE OF device
      """;
  private static final String SERIAL_IN_USE =
      """
      SELECT EXISTS (SELECT FROM accounts.device AS other JOIN accounts.device AS this USING (product)
        WHERE this.id = $1 AND other.id <> $1 AND other.serial_number = $2)
      """;

  /** A group that is to be deleted waits, or is gone. */
  private static final String GROUPS =
      "SELECT id FROM accounts.device_group WHERE product = $1 AND name = ANY($2) FOR KEY SHARE";

  private static final String EDIT =
      """
      UPDATE accounts.device SET
        name = CASE WHEN $2::text IS NULL THEN name ELSE nullif($2, '') END,
        notes = CASE WHEN $3::text IS NULL THEN notes ELSE nullif($3, '') END,
        serial_number = CASE WHEN $4::text IS NULL THEN serial_number ELSE nullif($4, '') END,
        development = coalesce($5, development),
        firmware_updates_enabled = coalesce($6, firmware_updates_enabled),
        firmware_updates_forced = coalesce($7, firmware_updates_forced),
        desired_firmware_version =
          CASE WHEN $8::integer IS NULL THEN desired_firmware_version ELSE nullif($8, %d) END,
        groups = coalesce($9, groups)
      WHERE id = $1
      """
          .formatted(DeviceChange.UNLOCK);
  private static final String REGROUP =
      """
      UPDATE accounts.device SET groups = ARRAY(
        SELECT unnest(groups || $3::text[]) EXCEPT SELECT unnest($4::text[]) ORDER BY 1)
      WHERE id = ANY($1) AND product = $2
      """;

  /**
   * Keeps a device as it is until the transaction ends; false if it is not the account's.
   *
   * @param product the account's product that it is in, 0 if the account owns the device itself
   */
  Future<Boolean> lock(SqlConnection connection, AccountId account, int product, DeviceId device) {
    var owned = Tuple.of(device.toString(), account.toString());
    return connection
        .preparedQuery(product == 0 ? LOCK_OWNED : LOCK_IN_PRODUCT)
        .execute(product == 0 ? owned : owned.addInteger(product))
        .map(rows -> rows.size() == 1);
  }

  /** Whether another device of the same product has this serial number. */
  Future<Boolean> isSerialInUse(SqlConnection connection, DeviceId device, String serialNumber) {
    return connection
        .preparedQuery(SERIAL_IN_USE)
        .execute(Tuple.of(device.toString(), serialNumber))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** The ids of those groups that are there. */
  Future<List<String>> groups(SqlConnection connection, int product, Collection<String> names) {
    return connection
        .preparedQuery(GROUPS)
        .execute(Tuple.tuple().addInteger(product).addArrayOfString(names.toArray(String[]::new)))
        .map(
            rows -> {
              var ids = new ArrayList<String>(rows.size());
              rows.forEach(row -> ids.add(row.getString("id")));
              return ids;
            });
  }

  /**
   * Changes what is not null.
   *
   * @param groups ids
   */
  Future<Void> edit(
      SqlConnection connection,
      DeviceId device,
      DeviceChange change,
      @Nullable List<String> groups) {
    var row =
        Tuple.tuple()
            .addString(device.toString())
            .addString(change.name())
            .addString(change.notes())
            .addString(change.serialNumber())
            .addBoolean(change.development())
            .addBoolean(change.firmwareUpdatesEnabled())
            .addBoolean(change.firmwareUpdatesForced())
            .addInteger(change.desiredFirmwareVersion())
            .addArrayOfString(groups == null ? null : groups.toArray(String[]::new));
    return connection.preparedQuery(EDIT).execute(row).mapEmpty();
  }

  /** Adds groups to devices of a product, and takes others away; all by id. */
  Future<Void> regroup(
      SqlConnection connection,
      int product,
      Collection<DeviceId> devices,
      List<String> add,
      List<String> remove) {
    var row =
        Tuple.of(
            devices.stream().map(DeviceId::toString).toArray(String[]::new),
            product,
            add.toArray(String[]::new),
            remove.toArray(String[]::new));
    return connection.preparedQuery(REGROUP).execute(row).mapEmpty();
  }
}
