package io.starling.accounts.grant;

import io.starling.contract.AccountId;
import io.starling.contract.OAuthRequest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table {@code accounts.authorization_code}. */
final class CodeStore {
  private static final String INSERT =
      """
      INSERT INTO accounts.authorization_code
        (hash, account, client, redirect_uri, challenge, scopes)
      VALUES ($1, $2, $3, $4, $5, $6)
      """;
  private static final String LOCK =
      """
      SELECT account, client, redirect_uri, challenge, scopes, used, family,
        created_at > now() - interval '60 seconds' AS young
      FROM accounts.authorization_code WHERE hash = $1 FOR UPDATE
      """;
  private static final String USED =
      "UPDATE accounts.authorization_code SET used = true, family = $2 WHERE hash = $1";
  // A day, so that one that comes back late is still known.
  private static final String DELETE_OLD =
      """
      DELETE FROM accounts.authorization_code WHERE hash IN
        (SELECT hash FROM accounts.authorization_code
         WHERE created_at < now() - interval '1 day' LIMIT 1000)
      """;

  /**
   * A code.
   *
   * @param young whether it is not older than a minute
   * @param family what it gave; null if nothing, or if that was revoked
   */
  record Code(
      AccountId account,
      String client,
      String redirectUri,
      String challenge,
      List<String> scopes,
      boolean young,
      boolean used,
      @Nullable String family) {}

  Future<Void> insert(
      SqlConnection connection, String hash, AccountId account, OAuthRequest.GrantCode grant) {
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(
                hash,
                account.toString(),
                grant.client(),
                grant.redirectUri(),
                grant.challenge(),
                grant.scopes().toArray(String[]::new)))
        .mapEmpty();
  }

  /** Locks a code: of two who show it at once, the second one comes too late. */
  Future<Optional<Code>> lock(SqlConnection connection, String hash) {
    return connection
        .preparedQuery(LOCK)
        .execute(Tuple.of(hash))
        .map(rows -> rows.stream().map(CodeStore::code).findFirst());
  }

  /** Notes what a code gave. */
  Future<Void> used(SqlConnection connection, String hash, String family) {
    return connection.preparedQuery(USED).execute(Tuple.of(hash, family)).mapEmpty();
  }

  Future<Void> deleteOld(SqlConnection connection) {
    return connection.query(DELETE_OLD).execute().mapEmpty();
  }

  private static Code code(Row row) {
    return new Code(
        AccountId.of(row.getString("account")),
        row.getString("client"),
        row.getString("redirect_uri"),
        row.getString("challenge"),
        List.of(row.getArrayOfStrings("scopes")),
        row.getBoolean("young"),
        row.getBoolean("used"),
        row.getString("family"));
  }
}
