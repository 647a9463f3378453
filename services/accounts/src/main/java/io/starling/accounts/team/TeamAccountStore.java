package io.starling.accounts.team;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The accounts in {@code accounts.account} of those who are in teams. */
final class TeamAccountStore {
  private static final String FIND_PERSON =
      "SELECT id FROM accounts.account WHERE lower(email) = lower($1) AND kind = 'person'";
  private static final String INSERT_PROGRAM =
      """
      INSERT INTO accounts.account (id, email, password_hash, info, kind, product, organization)
      VALUES ($1, $2, '', jsonb_build_object('friendly_name', $3::text), 'program', $4, $5)
      """;
  private static final String DELETE_PROGRAM =
      "DELETE FROM accounts.account WHERE id = $1 AND kind = 'program'";

  Future<Optional<AccountId>> findPerson(SqlConnection connection, String email) {
    return connection
        .preparedQuery(FIND_PERSON)
        .execute(Tuple.of(email))
        .map(rows -> rows.stream().findFirst().map(row -> AccountId.of(row.getString("id"))));
  }

  Future<Void> insertProgram(
      SqlConnection connection,
      AccountId id,
      String username,
      String name,
      @Nullable Integer product,
      @Nullable String organization) {
    return connection
        .preparedQuery(INSERT_PROGRAM)
        .execute(Tuple.of(id.toString(), username, name, product, organization))
        .mapEmpty();
  }

  /** Deletes one with all that is its; a person stays. */
  Future<Void> deleteProgram(SqlConnection connection, AccountId id) {
    return connection.preparedQuery(DELETE_PROGRAM).execute(Tuple.of(id.toString())).mapEmpty();
  }
}
