package io.starling.accounts.grant;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.device_code}: each row good for ten minutes. */
final class DeviceCodeStore {
  private static final String COUNT =
      "SELECT count(*) AS count FROM (SELECT FROM accounts.device_code LIMIT $1) AS waiting";
  private static final String INSERT =
      """
      INSERT INTO accounts.device_code (hash, user_code_hash, client, scopes, interval_seconds)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
      """;
  private static final String WAITING =
      """
      SELECT client, scopes FROM accounts.device_code
      WHERE user_code_hash = $1 AND allowed IS NULL AND created_at > now() - interval '10 minutes'
      """;
  private static final String DECIDE =
      """
      UPDATE accounts.device_code SET account = $2, allowed = $3
      WHERE user_code_hash = $1 AND allowed IS NULL AND created_at > now() - interval '10 minutes'
      """;
  private static final String LOCK =
      """
      SELECT client, scopes, account, allowed,
        created_at > now() - interval '10 minutes' AS young,
        asked_at > now() - make_interval(secs => interval_seconds) AS early
      FROM accounts.device_code WHERE hash = $1 FOR UPDATE
      """;
  private static final String ASKED =
      """
      UPDATE accounts.device_code
      SET asked_at = now(), interval_seconds = interval_seconds + $2 WHERE hash = $1
      """;
  private static final String DELETE = "DELETE FROM accounts.device_code WHERE hash = $1";
  // Some minutes more, in which one is told that it was too late.
  private static final String DELETE_OLD =
      """
      DELETE FROM accounts.device_code WHERE hash IN
        (SELECT hash FROM accounts.device_code
         WHERE created_at < now() - interval '20 minutes' LIMIT 1000)
      """;

  /** What waits. */
  record Waiting(String client, List<String> scopes) {}

  /**
   * A device code that was shown.
   *
   * @param account who decided; null for nobody yet
   * @param early whether the device was to wait longer
   */
  record Asked(
      Waiting of, @Nullable AccountId account, boolean allowed, boolean young, boolean early) {}

  Future<Boolean> hasRoom(SqlConnection connection, int most) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(most))
        .map(rows -> rows.iterator().next().getLong("count") < most);
  }

  /** Adds one; false if the user code is taken. */
  Future<Boolean> insert(
      SqlConnection connection,
      String hash,
      String userCodeHash,
      Waiting waiting,
      int intervalSeconds) {
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(
                hash,
                userCodeHash,
                waiting.client(),
                waiting.scopes().toArray(String[]::new),
                intervalSeconds))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<Optional<Waiting>> waiting(SqlConnection connection, String userCodeHash) {
    return connection
        .preparedQuery(WAITING)
        .execute(Tuple.of(userCodeHash))
        .map(rows -> rows.stream().map(DeviceCodeStore::waiting).findFirst());
  }

  /** Decides what nobody has decided yet; false if there is no such thing. */
  Future<Boolean> decide(
      SqlConnection connection, String userCodeHash, AccountId account, boolean allowed) {
    return connection
        .preparedQuery(DECIDE)
        .execute(Tuple.of(userCodeHash, account.toString(), allowed))
        .map(rows -> rows.rowCount() == 1);
  }

  /** Locks one: of two who show it at once, the second one comes too late. */
  Future<Optional<Asked>> lock(SqlConnection connection, String hash) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(hash))
        .map(rows -> rows.stream().map(DeviceCodeStore::asked).findFirst());
  }

  /** Notes that a device asked, and how much longer it is to wait from now on. */
  Future<Void> asked(SqlConnection connection, String hash, int moreSeconds) {
    return connection.preparedQuery(ASKED).execute(Tuple.of(hash, moreSeconds)).mapEmpty();
  }

  Future<Void> delete(SqlConnection connection, String hash) {
    return connection.preparedQuery(DELETE).execute(Tuple.of(hash)).mapEmpty();
  }

  Future<Void> deleteOld(SqlConnection connection) {
    return connection.query(DELETE_OLD).execute().mapEmpty();
  }

  private static Waiting waiting(Row row) {
    return new Waiting(row.getString("client"), List.of(row.getArrayOfStrings("scopes")));
  }

  private static Asked asked(Row row) {
    String account = row.getString("account");
    return new Asked(
        waiting(row),
        account == null ? null : AccountId.of(account),
        Boolean.TRUE.equals(row.getBoolean("allowed")),
        row.getBoolean("young"),
        Boolean.TRUE.equals(row.getBoolean("early")));
  }
}
