package io.starling.accounts.imports;

import io.starling.contract.DeviceId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The devices of {@code accounts.device} that an import makes, brings in, or says more about. */
final class ImportDeviceStore {
  /** In the order of their ids, so that two who take many wait for each other, not for both. */
  private static final String LOCK =
      """
      SELECT id, product IS NOT NULL AND NOT quarantined AS inside FROM accounts.device
      WHERE id = ANY($1) AND (product = $2 OR product IS NULL AND owner = $3)
      ORDER BY id FOR NO KEY UPDATE
      """;

  /** A group that is to be deleted waits, or is gone. */
  private static final String GROUPS =
      "SELECT id, name FROM accounts.device_group WHERE product = $1 AND name = ANY($2) FOR KEY SHARE";

  private static final String SERIAL_NUMBERS =
      "SELECT id, serial_number FROM accounts.device WHERE product = $1 AND serial_number = ANY($2)";
  private static final String WRITE =
      """
      UPDATE accounts.device SET product = $1, quarantined = false, denied = false,
        serial_number = coalesce(row.serial_number, device.serial_number), name = coalesce(row.name, device.name),
        groups = CASE WHEN row.groups = '' THEN device.groups
          ELSE ARRAY(SELECT DISTINCT unnest(device.groups || string_to_array(row.groups, ',')) ORDER BY 1) END
      FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS row(id, serial_number, name, groups)
      WHERE device.id = row.id
      """;
  private static final String CREATE =
      """
      INSERT INTO accounts.device (product, owner, platform, id, serial_number, name, groups, secret_hash)
      SELECT $1, $6, $7, id, serial_number, name, string_to_array(groups, ','), secret_hash
      FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $8::text[]) AS row(id, serial_number, name, groups, secret_hash)
      ON CONFLICT (id) DO NOTHING RETURNING id
      """;

  private static final String LABEL =
      """
      INSERT INTO accounts.claim_secret (device, hash)
      SELECT device.id, row.hash FROM unnest($2::text[], $3::text[]) AS row(id, hash)
        JOIN accounts.device ON device.id = row.id AND device.product = $1
      ON CONFLICT (device) DO UPDATE SET hash = excluded.hash, created_at = now()
      """;

  /** Keeps those that are in the product, or may come in, as they are; tells which. */
  Future<Map<DeviceId, Boolean>> lock(
      SqlConnection connection, Collection<DeviceId> devices, int product, String owner) {
    String[] ids = devices.stream().map(DeviceId::toString).toArray(String[]::new);
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(ids, product, owner))
        .map(
            rows -> {
              var inside = new HashMap<DeviceId, Boolean>();
              rows.forEach(row -> inside.put(id(row), row.getBoolean("inside")));
              return inside;
            });
  }

  /** The ids of those groups that are there, by name. */
  Future<Map<String, String>> groups(
      SqlConnection connection, int product, Collection<String> names) {
    if (names.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return connection
        .preparedQuery(GROUPS)
        .execute(named(product, names))
        .map(
            rows -> {
              var ids = new HashMap<String, String>();
              rows.forEach(row -> ids.put(row.getString("name"), row.getString("id")));
              return ids;
            });
  }

  /** Whose these serial numbers are. */
  Future<Map<String, DeviceId>> serialNumbers(
      SqlConnection connection, int product, Collection<String> numbers) {
    if (numbers.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    return connection
        .preparedQuery(SERIAL_NUMBERS)
        .execute(named(product, numbers))
        .map(
            rows -> {
              var owners = new HashMap<String, DeviceId>();
              rows.forEach(row -> owners.put(row.getString("serial_number"), id(row)));
              return owners;
            });
  }

  /** Brings devices in, and sets what the file tells of them. */
  Future<Void> write(
      SqlConnection connection, int product, List<ImportRow> rows, Map<String, String> groups) {
    return rows.isEmpty()
        ? Future.succeededFuture()
        : connection.preparedQuery(WRITE).execute(columns(product, rows, groups)).mapEmpty();
  }

  /** Makes devices; tells which, for one that another account has stays as it is. */
  Future<Set<DeviceId>> create(
      SqlConnection connection,
      ImportStore.Taken taken,
      List<ImportRow> rows,
      Map<String, String> groups) {
    if (rows.isEmpty()) {
      return Future.succeededFuture(Set.of());
    }
    var values =
        columns(taken.product(), rows, groups)
            .addString(taken.owner())
            .addInteger(taken.platform())
            .addArrayOfString(column(rows, ImportRow::secretHash));
    return connection.preparedQuery(CREATE).execute(values).map(ImportDeviceStore::ids);
  }

  /** Keeps the claim secrets of those that are in the product; they replace others. */
  Future<Void> label(SqlConnection connection, int product, List<ImportRow> rows) {
    if (rows.isEmpty()) {
      return Future.succeededFuture();
    }
    var values =
        Tuple.tuple()
            .addInteger(product)
            .addArrayOfString(column(rows, row -> row.id().toString()))
            .addArrayOfString(column(rows, ImportRow::claimHash));
    return connection.preparedQuery(LABEL).execute(values).mapEmpty();
  }

  private static Tuple columns(int product, List<ImportRow> rows, Map<String, String> groups) {
    return Tuple.tuple()
        .addInteger(product)
        .addArrayOfString(column(rows, row -> row.id().toString()))
        .addArrayOfString(column(rows, ImportRow::serialNumber))
        .addArrayOfString(column(rows, ImportRow::name))
        .addArrayOfString(column(rows, row -> joined(row, groups)));
  }

  private static String[] column(
      List<ImportRow> rows, Function<ImportRow, @Nullable String> field) {
    return rows.stream().map(field).toArray(String[]::new);
  }

  private static String joined(ImportRow row, Map<String, String> groups) {
    return String.join(
        ",", row.groups().stream().map(name -> groups.getOrDefault(name, "")).sorted().toList());
  }

  private static Tuple named(int product, Collection<String> names) {
    return Tuple.tuple().addInteger(product).addArrayOfString(names.toArray(String[]::new));
  }

  private static DeviceId id(Row row) {
    return DeviceId.of(row.getString("id"));
  }

  private static Set<DeviceId> ids(RowSet<Row> rows) {
    var ids = new HashSet<DeviceId>();
    rows.forEach(row -> ids.add(id(row)));
    return ids;
  }
}
