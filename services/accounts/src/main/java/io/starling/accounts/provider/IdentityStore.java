package io.starling.accounts.provider;

import io.starling.contract.AccountId;
import io.starling.contract.OidcReply;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** The table {@code accounts.identity}. */
final class IdentityStore {
  private static final int ID_LENGTH = 24;
  private static final String FIND =
      """
      SELECT account FROM accounts.identity
      WHERE issuer = $1 AND subject = $2
      """;
  private static final String INSERT =
      """
      INSERT INTO accounts.identity (id, account, issuer, subject, provider, email)
      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
      """;
  private static final String LIST =
      """
      SELECT id, provider, issuer, email, created_at FROM accounts.identity
      WHERE account = $1 ORDER BY created_at, id LIMIT 1000
      """;
  private static final String DELETE =
      "DELETE FROM accounts.identity WHERE account = $1 AND id = $2";

  /** What is linked. */
  record Link(String issuer, String subject, String provider, String email) {
    @Override
    public String toString() {
      return "Link[" + provider + "]";
    }
  }

  Future<Optional<AccountId>> find(SqlConnection connection, String issuer, String subject) {
    return connection
        .preparedQuery(FIND)
        .execute(Tuple.of(issuer, subject))
        .map(rows -> rows.stream().map(row -> AccountId.of(row.getString("account"))).findFirst());
  }

  /** Links; false if somebody has it already. */
  Future<Boolean> insert(SqlConnection connection, AccountId account, Link link) {
    return connection
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(
                Secrets.newToken().substring(0, ID_LENGTH),
                account.toString(),
                link.issuer(),
                link.subject(),
                link.provider(),
                link.email()))
        .map(rows -> rows.rowCount() == 1);
  }

  Future<List<OidcReply.Identity>> list(SqlConnection connection, AccountId account) {
    return connection
        .preparedQuery(LIST)
        .execute(Tuple.of(account.toString()))
        .map(rows -> rows.stream().map(IdentityStore::identity).toList());
  }

  /** Forgets one; false if the account has no such. */
  Future<Boolean> delete(SqlConnection connection, AccountId account, String id) {
    return connection
        .preparedQuery(DELETE)
        .execute(Tuple.of(account.toString(), id))
        .map(rows -> rows.rowCount() == 1);
  }

  private static OidcReply.Identity identity(Row row) {
    return new OidcReply.Identity(
        row.getString("id"),
        row.getString("provider"),
        row.getString("issuer"),
        row.getString("email"),
        row.getOffsetDateTime("created_at").toInstant().toEpochMilli());
  }
}
