package io.starling.accounts.token;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** The table {@code accounts.token_family}. */
final class FamilyStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.token_family
        (id, refresh_hash, account, product, client, lifetime, expires_at, scopes)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """;
  private static final String LOCK =
      """
      SELECT refresh_hash, account, product, client, lifetime, expires_at, scopes
      FROM accounts.token_family WHERE id = $1 FOR UPDATE
      """;
  private static final String ROTATE =
      "UPDATE accounts.token_family SET refresh_hash = $2, expires_at = $3 WHERE id = $1";
  private static final String DELETE_TOKENS = "DELETE FROM accounts.token WHERE family = $1";
  private static final String DELETE = "DELETE FROM accounts.token_family WHERE id = $1";
  private static final String DELETE_OF =
      """
      DELETE FROM accounts.token_family
      WHERE refresh_hash = $1 OR id = (SELECT family FROM accounts.token WHERE hash = $1)
      """;
  // And what could become one.
  private static final String DELETE_ALL =
      """
      WITH code AS (DELETE FROM accounts.authorization_code WHERE account = $1),
        device AS (DELETE FROM accounts.device_code WHERE account = $1),
        ticket AS (DELETE FROM accounts.ticket WHERE account = $1)
      DELETE FROM accounts.token_family WHERE account = $1
      """;
  private static final String DELETE_OF_CLIENT =
      "DELETE FROM accounts.token_family WHERE client = $1";
  private static final String DETACH =
      "UPDATE accounts.token SET family = NULL WHERE account = $1 AND family IS NOT NULL";
  // An access token that is good still goes its way: nothing was revoked.
  private static final String DELETE_EXPIRED =
      """
      DELETE FROM accounts.token_family WHERE id IN
        (SELECT id FROM accounts.token_family WHERE expires_at < now() - interval '1 day'
           AND NOT EXISTS (SELECT FROM accounts.token WHERE token.family = token_family.id)
         LIMIT 1000)
      """;

  /** A family as it stands. */
  record Family(String refreshHash, Grant grant, Instant expiresAt) {
    @Override
    public String toString() {
      return "Family[" + grant + "]";
    }
  }

  Future<Void> insert(SqlConnection connection, String id, Family family) {
    var grant = family.grant();
    return run(
        connection,
        INSERT,
        Tuple.of(
            id,
            family.refreshHash(),
            grant.account().toString(),
            grant.product() == Grant.ALL ? null : grant.product(),
            grant.client(),
            grant.lifetimeSeconds(),
            family.expiresAt().atOffset(ZoneOffset.UTC),
            grant.scopeColumn()));
  }

  /** Locks a family: of two who refresh at once, the second one comes too late. */
  Future<Optional<Family>> lock(SqlConnection connection, String id) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(id))
        .map(rows -> rows.stream().map(FamilyStore::family).findFirst());
  }

  /** Makes another refresh token the good one, and revokes the access token there was. */
  Future<Void> rotate(SqlConnection connection, String id, String refreshHash, Instant expiresAt) {
    return run(connection, DELETE_TOKENS, Tuple.of(id))
        .compose(
            _ ->
                run(
                    connection,
                    ROTATE,
                    Tuple.of(id, refreshHash, expiresAt.atOffset(ZoneOffset.UTC))));
  }

  /** Revokes a family with its tokens. */
  Future<Void> delete(SqlConnection connection, String id) {
    return run(connection, DELETE, Tuple.of(id));
  }

  /** Revokes the family of a token, of either kind, if it has one. */
  Future<Void> deleteOf(SqlConnection connection, String tokenHash) {
    return run(connection, DELETE_OF, Tuple.of(tokenHash));
  }

  /** Revokes the families of an account, and what it granted that nobody came for yet. */
  Future<Void> deleteAll(SqlConnection connection, AccountId account) {
    return run(connection, DELETE_ALL, Tuple.of(account.toString()));
  }

  /** Revokes the families that a client was given. */
  Future<Void> deleteOfClient(SqlConnection connection, String client) {
    return run(connection, DELETE_OF_CLIENT, Tuple.of(client));
  }

  /** Revokes the refresh tokens of an account, not the access tokens. */
  Future<Void> end(SqlConnection connection, AccountId account) {
    return run(connection, DETACH, Tuple.of(account.toString()))
        .compose(_ -> deleteAll(connection, account));
  }

  /** Removes up to a thousand families of which nothing is good. */
  Future<Void> deleteExpired(SqlConnection connection) {
    return connection.query(DELETE_EXPIRED).execute().mapEmpty();
  }

  private static Future<Void> run(SqlConnection connection, String sql, Tuple values) {
    return connection.preparedQuery(sql).execute(values).mapEmpty();
  }

  private static Family family(Row row) {
    Integer product = row.getInteger("product");
    var scopes = row.getArrayOfStrings("scopes");
    return new Family(
        row.getString("refresh_hash"),
        new Grant(
            AccountId.of(row.getString("account")),
            product == null ? Grant.ALL : product,
            row.getString("client"),
            row.getLong("lifetime"),
            scopes == null ? List.of() : List.of(scopes)),
        row.getOffsetDateTime("expires_at").toInstant());
  }
}
