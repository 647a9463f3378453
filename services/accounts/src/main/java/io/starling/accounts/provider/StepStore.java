package io.starling.accounts.provider;

import io.starling.accounts.seal.Seal;
import io.starling.contract.AccountId;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.oidc_step}: found by a secret that only somebody's browser has. */
final class StepStore {
  private static final String COUNT =
      "SELECT count(*) AS count FROM (SELECT FROM accounts.oidc_step LIMIT $1) AS step";
  private static final String INSERT =
      """
      INSERT INTO accounts.oidc_step (hash, account, content, key) VALUES ($1, $2, $3, $4)
      """;
  private static final String TAKE =
      """
      DELETE FROM accounts.oidc_step WHERE hash = $1
      RETURNING account, content, key, created_at > now() - interval '10 minutes' AS young
      """;
  private static final String LOCK =
      """
      SELECT account, content, key, created_at > now() - interval '10 minutes' AS young
      FROM accounts.oidc_step WHERE hash = $1 FOR UPDATE
      """;
  private static final String DELETE_OLD =
      """
      DELETE FROM accounts.oidc_step WHERE hash IN
        (SELECT hash FROM accounts.oidc_step
         WHERE created_at < now() - interval '10 minutes' LIMIT 1000)
      """;

  private final Seal seal;

  StepStore(Seal seal) {
    this.seal = seal;
  }

  /** Which step it is: one is of no use as the other. */
  enum Kind {
    /** At the provider. */
    AWAY,
    /** Back, and asked for more. */
    PROOF
  }

  /**
   * A step.
   *
   * @param account null while nobody knows whose it is
   */
  record Step(@Nullable AccountId account, JsonObject content) {
    @Override
    public String toString() {
      return "Step[" + account + "]";
    }
  }

  Future<Boolean> hasRoom(SqlConnection connection, int most) {
    return connection
        .preparedQuery(COUNT)
        .execute(Tuple.of(most))
        .map(rows -> rows.iterator().next().getLong("count") < most);
  }

  Future<Void> insert(SqlConnection connection, Kind kind, String secret, Step step) {
    String hash = Secrets.hash(secret);
    var sealed = seal.seal(place(kind, hash), step.content().toBuffer().getBytes());
    var account = step.account();
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(
                hash, account == null ? null : account.toString(), sealed.bytes(), sealed.key()))
        .mapEmpty();
  }

  /** Takes one out, which is good once; empty if it is unknown or too old. */
  Future<Optional<Step>> take(SqlConnection connection, Kind kind, String secret) {
    return read(connection, TAKE, kind, secret);
  }

  /** Locks one. */
  Future<Optional<Step>> lock(SqlConnection connection, Kind kind, String secret) {
    return read(connection, LOCK, kind, secret);
  }

  private Future<Optional<Step>> read(
      SqlConnection connection, String sql, Kind kind, String secret) {
    String hash = Secrets.hash(secret);
    return connection
        .preparedQuery(sql)
        .execute(Tuple.of(hash))
        .map(rows -> rows.stream().findFirst().flatMap(row -> step(row, place(kind, hash))));
  }

  private Optional<Step> step(Row row, String place) {
    if (!row.getBoolean("young")) {
      return Optional.empty();
    }
    String account = row.getString("account");
    return seal.open(place, new Seal.Sealed(row.getString("key"), row.getBuffer("content")))
        .map(
            content ->
                new Step(
                    account == null ? null : AccountId.of(account),
                    new JsonObject(Buffer.buffer(content))));
  }

  private static String place(Kind kind, String hash) {
    return "oidc/" + kind + "/" + hash;
  }

  Future<Void> deleteOld(SqlConnection connection) {
    return connection.query(DELETE_OLD).execute().mapEmpty();
  }
}
