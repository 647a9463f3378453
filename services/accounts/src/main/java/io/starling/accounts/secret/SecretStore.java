package io.starling.accounts.secret;

import io.starling.accounts.seal.Seal;
import io.starling.contract.AccountId;
import io.starling.contract.SecretsReply.Told;
import io.starling.contract.SecretsRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The table {@code accounts.secret}. */
final class SecretStore {
  /** The account's row is the lock on how many it has. */
  private static final String LOCK = "SELECT FROM accounts.account WHERE id = $1 FOR UPDATE";

  private static final String COUNT_OTHERS =
      "SELECT count(*) AS count FROM accounts.secret WHERE account = $1 AND name <> $2";
  private static final String PUT =
      """
      INSERT INTO accounts.secret (account, name, key, sealed) VALUES ($1, $2, $3, $4)
      ON CONFLICT (account, name) DO UPDATE
        SET key = excluded.key, sealed = excluded.sealed, updated_at = now() WHERE $5
      RETURNING name, created_at, updated_at, last_accessed_at
      """;
  private static final String DELETE =
      "DELETE FROM accounts.secret WHERE account = $1 AND name = $2";
  private static final String LIST =
      """
      SELECT name, created_at, updated_at, last_accessed_at FROM accounts.secret
      WHERE account = $1 ORDER BY name
      """;
  private static final String READ =
      "SELECT name, key, sealed FROM accounts.secret WHERE account = $1 AND name = ANY($2)";
  private static final String ACCESSED =
      """
      UPDATE accounts.secret SET last_accessed_at = now() WHERE account = $1 AND name = ANY($2)
        AND (last_accessed_at IS NULL OR last_accessed_at < now() - interval '1 minute')
      """;
  private static final String BY_OTHER_KEYS =
      """
      SELECT account, name, key, sealed FROM accounts.secret
      WHERE key <> $1 LIMIT 100 FOR UPDATE SKIP LOCKED
      """;
  private static final String RESEAL =
      "UPDATE accounts.secret SET key = $3, sealed = $4 WHERE account = $1 AND name = $2";

  private final Seal seal;

  SecretStore(Seal seal) {
    this.seal = seal;
  }

  private static String place(String account, String name) {
    return "secret/" + account + "/" + name;
  }

  /** How many others an account has, which nobody else changes meanwhile. */
  Future<Long> countOthers(SqlConnection connection, AccountId account, String name) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(account.toString()))
        .compose(
            _ -> connection.preparedQuery(COUNT_OTHERS).execute(Tuple.of(account.toString(), name)))
        .map(rows -> rows.iterator().next().getLong("count"));
  }

  /** Empty if there is one that was not to be replaced. */
  Future<Optional<Told>> put(SqlConnection connection, SecretsRequest.PutSecret request) {
    String account = request.account().toString();
    byte[] value = request.value().getBytes(StandardCharsets.UTF_8);
    var sealed = seal.seal(place(account, request.name()), value);
    return connection
        .preparedQuery(PUT)
        .execute(
            Tuple.of(account, request.name(), sealed.key(), sealed.bytes(), request.replaces()))
        .map(
            rows ->
                rows.size() == 0 ? Optional.empty() : Optional.of(told(rows.iterator().next())));
  }

  /** False if there was none. */
  Future<Boolean> delete(SqlConnection connection, AccountId account, String name) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(account.toString(), name))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<List<Told>> list(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(account.toString()))
        .map(
            rows -> {
              var all = new ArrayList<Told>();
              rows.forEach(row -> all.add(told(row)));
              return all;
            });
  }

  /** The values of those of these names that there are; takes note that they were read. */
  Future<Map<String, String>> read(
      SqlConnection connection, AccountId account, List<String> names) {
    var wanted =
        Tuple.tuple().addString(account.toString()).addArrayOfString(names.toArray(String[]::new));
    return connection
        .preparedQuery(READ)
        .execute(wanted)
        .map(rows -> opened(account, rows))
        .compose(values -> connection.preparedQuery(ACCESSED).execute(wanted).map(values));
  }

  private Map<String, String> opened(AccountId account, RowSet<Row> rows) {
    var values = new LinkedHashMap<String, String>();
    for (var row : rows) {
      String name = row.getString("name");
      byte[] value = opened(account.toString(), row);
      values.put(name, new String(value, StandardCharsets.UTF_8));
    }
    return values;
  }

  private byte[] opened(String account, Row row) {
    String name = row.getString("name");
    var sealed = new Seal.Sealed(row.getString("key"), row.getBuffer("sealed"));
    return seal.open(place(account, name), sealed)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the secret " + name + " of " + account + " does not open"));
  }

  /** Seals up to a hundred anew that another key sealed; completes with how many. */
  Future<Integer> reseal(SqlConnection connection) {
    return connection
        .preparedQuery(BY_OTHER_KEYS)
        .execute(Tuple.of(seal.current()))
        .compose(
            rows -> {
              var anew = new ArrayList<Tuple>();
              for (var row : rows) {
                String account = row.getString("account");
                String name = row.getString("name");
                var sealed = seal.seal(place(account, name), opened(account, row));
                anew.add(Tuple.of(account, name, sealed.key(), sealed.bytes()));
              }
              return anew.isEmpty()
                  ? Future.succeededFuture(0)
                  : connection.preparedQuery(RESEAL).executeBatch(anew).map(anew.size());
            });
  }

  private static Told told(Row row) {
    return new Told(
        row.getString("name"),
        row.getOffsetDateTime("created_at").toInstant().toEpochMilli(),
        row.getOffsetDateTime("updated_at").toInstant().toEpochMilli(),
        Optional.ofNullable(row.getOffsetDateTime("last_accessed_at"))
            .map(at -> at.toInstant().toEpochMilli())
            .orElse(null));
  }
}
