package io.starling.accounts.token;

import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.token}. */
final class TokenStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.token (hash, account, client, expires_at, tail, product, family, scopes)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """;
  private static final String LIST =
      """
      SELECT tail, client, expires_at, created_at, used_at
      FROM accounts.token LEFT JOIN accounts.token_use ON token_use.token = token.hash
      WHERE account = $1 AND product IS NULL AND (expires_at IS NULL OR expires_at > now())
      ORDER BY created_at DESC LIMIT 1000
      """;
  private static final String IS_OF =
      """
      SELECT FROM accounts.token WHERE hash = $1 AND client = $2
      UNION ALL
      SELECT FROM accounts.token_family WHERE refresh_hash = $1 AND client = $2
      """;
  private static final int TAIL = 6;
  private static final String DELETE = "DELETE FROM accounts.token WHERE hash = $1";
  private static final String DELETE_OF_CLIENT =
      "DELETE FROM accounts.token WHERE client = $1 AND product IS NOT NULL";
  private static final String DELETE_ALL = "DELETE FROM accounts.token WHERE account = $1";
  private static final String DELETE_EXPIRED =
      """
      DELETE FROM accounts.token WHERE hash IN
        (SELECT hash FROM accounts.token WHERE expires_at < now() - interval '1 day' LIMIT 1000)
      """;

  /**
   * Adds a token, of which its hash and its last characters are kept.
   *
   * @param family whose it is; null if no other follows it
   */
  Future<Void> insert(
      SqlConnection connection,
      String token,
      Grant grant,
      @Nullable Long expiresAtMillis,
      @Nullable String family) {
    var expires =
        expiresAtMillis == null
            ? null
            : Instant.ofEpochMilli(expiresAtMillis).atOffset(ZoneOffset.UTC);
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(
                Secrets.hash(token),
                grant.account().toString(),
                grant.client(),
                expires,
                token.substring(token.length() - TAIL),
                grant.product() == Grant.ALL ? null : grant.product(),
                family,
                grant.scopeColumn()))
        .mapEmpty();
  }

  /** The good tokens of an account, newest first, up to a thousand. */
  Future<List<PeopleReply.TokenLine>> list(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().map(TokenStore::line).toList());
  }

  private static PeopleReply.TokenLine line(Row row) {
    return new PeopleReply.TokenLine(
        row.getString("tail"),
        row.getString("client"),
        millis(row, "expires_at"),
        millis(row, "created_at"),
        millis(row, "used_at"));
  }

  private static @Nullable Long millis(Row row, String column) {
    var time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant().toEpochMilli();
  }

  /** Tells whether a token, of either kind, was given to this client. */
  Future<Boolean> isOf(SqlConnection connection, String hash, String client) {
    return connection
        .preparedQuery(IS_OF)
        .execute(Tuple.of(hash, client))
        .map(rows -> rows.size() > 0);
  }

  /** Removes a token, if it is there. */
  Future<Void> delete(SqlConnection connection, String hash) {
    return connection.preparedQuery(DELETE).execute(Tuple.of(hash)).mapEmpty();
  }

  /** Removes the tokens by which a client acts for its product. */
  Future<Void> deleteOfClient(SqlConnection connection, String client) {
    return connection.preparedQuery(DELETE_OF_CLIENT).execute(Tuple.of(client)).mapEmpty();
  }

  /** Removes all tokens of an account. */
  Future<Void> deleteAll(SqlConnection connection, AccountId account) {
    return connection.preparedQuery(DELETE_ALL).execute(Tuple.of(account.toString())).mapEmpty();
  }

  /** Removes up to a thousand tokens that expired over a day ago; answers how many. */
  Future<Integer> deleteExpired(SqlConnection connection) {
    return connection.query(DELETE_EXPIRED).execute().map(rows -> rows.rowCount());
  }
}
