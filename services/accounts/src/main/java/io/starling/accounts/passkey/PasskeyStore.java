package io.starling.accounts.passkey;

import io.starling.contract.AccountId;
import io.starling.contract.PasskeysReply.Told;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** The table {@code accounts.passkey}. */
final class PasskeyStore {
  /** The account's row is the lock on how many it has. */
  private static final String LOCK =
      "SELECT email FROM accounts.account WHERE id = $1 AND kind = 'person' FOR UPDATE";

  private static final String CREDENTIALS =
      "SELECT credential FROM accounts.passkey WHERE account = $1 ORDER BY created_at, id";
  private static final String TOLD = "id, name, created_at, last_used_at, synced, backed_up";
  private static final String INSERT =
      """
      INSERT INTO accounts.passkey
        (id, account, name, credential, attested, sign_count, synced, backed_up)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING
      """
          + TOLD;
  private static final String LIST =
      "SELECT " + TOLD + " FROM accounts.passkey WHERE account = $1 ORDER BY created_at, id";
  private static final String RENAME =
      "UPDATE accounts.passkey SET name = $3 WHERE account = $1 AND id = $2 RETURNING " + TOLD;
  private static final String DELETE =
      """
      DELETE FROM accounts.passkey USING accounts.account
      WHERE account.id = passkey.account AND passkey.account = $1 AND passkey.id = $2
      RETURNING passkey.name, account.email
      """;
  private static final String FIND =
      """
      SELECT passkey.id, account, email, attested, sign_count, synced, backed_up
      FROM accounts.passkey JOIN accounts.account ON account.id = passkey.account
      WHERE credential = $1 AND kind = 'person' FOR UPDATE OF passkey
      """;
  private static final String USED =
      """
      UPDATE accounts.passkey SET sign_count = $2, backed_up = $3, last_used_at = now()
      WHERE id = $1
      """;

  /** Where an authenticator's counter stands, and whether the passkey is backed up. */
  record State(long signCount, boolean backedUp) {}

  /** A new one. */
  record Key(Buffer credential, Buffer attested, boolean synced, State state) {}

  /** One that somebody has. */
  record Known(
      String id, AccountId account, String email, Buffer attested, boolean synced, State state) {}

  /** One that was forgotten. */
  record Deleted(String name, String email) {}

  /** The address of a person, whose passkeys nobody else adds to meanwhile; empty if gone. */
  Future<Optional<String>> lock(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().map(row -> row.getString("email")).findFirst());
  }

  /** What authenticators call those of an account. */
  Future<List<Buffer>> credentials(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(CREDENTIALS)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().map(row -> row.getBuffer("credential")).toList());
  }

  /** Empty if somebody has a credential of that name. */
  Future<Optional<Told>> insert(
      SqlConnection connection, String id, AccountId account, String name, Key key) {
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(id, account.toString(), name, key.credential(), key.attested())
                .addValue(key.state().signCount())
                .addValue(key.synced())
                .addValue(key.state().backedUp()))
        .map(rows -> rows.stream().map(PasskeyStore::told).findFirst());
  }

  Future<List<Told>> list(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().map(PasskeyStore::told).toList());
  }

  /** Empty if there is none. */
  Future<Optional<Told>> rename(
      SqlConnection connection, AccountId account, String id, String name) {
    return connection
        .preparedQuery(RENAME)
        .execute(Tuple.of(account.toString(), id, name))
        .map(rows -> rows.stream().map(PasskeyStore::told).findFirst());
  }

  /** Empty if there is none. */
  Future<Optional<Deleted>> delete(SqlConnection connection, AccountId account, String id) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(account.toString(), id))
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Deleted(row.getString("name"), row.getString("email")))
                    .findFirst());
  }

  /** Whose a credential is; of two who show it at once, the second one waits. */
  Future<Optional<Known>> lock(SqlConnection connection, Buffer credential) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(credential))
        .map(rows -> rows.stream().map(PasskeyStore::known).findFirst());
  }

  /** Notes that one was used just now. */
  Future<Void> used(SqlConnection connection, String id, State state) {
    return connection
        .preparedQuery(USED)
        .execute(Tuple.of(id, state.signCount(), state.backedUp()))
        .mapEmpty();
  }

  private static Known known(Row row) {
    return new Known(
        row.getString("id"),
        AccountId.of(row.getString("account")),
        row.getString("email"),
        row.getBuffer("attested"),
        row.getBoolean("synced"),
        new State(row.getLong("sign_count"), row.getBoolean("backed_up")));
  }

  private static Told told(Row row) {
    return new Told(
        row.getString("id"),
        row.getString("name"),
        row.getOffsetDateTime("created_at").toInstant().toEpochMilli(),
        Optional.ofNullable(row.getOffsetDateTime("last_used_at"))
            .map(at -> at.toInstant().toEpochMilli())
            .orElse(null),
        row.getBoolean("synced"),
        row.getBoolean("backed_up"));
  }
}
