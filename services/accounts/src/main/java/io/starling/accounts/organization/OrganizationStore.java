package io.starling.accounts.organization;

import io.starling.accounts.team.TeamAccounts.Scoped;
import io.starling.contract.AccountId;
import io.starling.contract.Role;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/**
 * The tables {@code accounts.organization} and {@code accounts.organization_member}, and the
 * accounts of organizations.
 */
final class OrganizationStore {
  /** Members change one at a time, so that counting them means something. */
  private static final String LOCK = "SELECT FROM accounts.organization WHERE id = $1 FOR UPDATE";

  private static final String LOCK_PERSON =
      "SELECT FROM accounts.account WHERE id = $1 AND kind = 'person' FOR UPDATE";
  private static final String COUNT_OF_PERSON =
      "SELECT count(*) FROM accounts.organization_member WHERE account = $1";
  private static final String INSERT_ACCOUNT =
      """
      INSERT INTO accounts.account (id, email, password_hash, info, kind)
      VALUES ($1, $2, '', jsonb_build_object('name', $3::text), 'organization')
      """;
  private static final String INSERT =
      "INSERT INTO accounts.organization (id, slug, name) VALUES ($1, $2, $3)";
  private static final String EDIT = "UPDATE accounts.organization SET name = $2 WHERE id = $1";

  /** Devices of a product that moved a moment ago, too. */
  private static final String HAS_PRODUCTS =
      """
      SELECT FROM accounts.product WHERE owner = $1
      UNION ALL SELECT FROM accounts.device WHERE owner = $1 LIMIT 1
      """;

  private static final String DELETE =
      "DELETE FROM accounts.account WHERE id = $1 AND kind = 'organization'";
  private static final String COUNT =
      "SELECT count(*) FROM accounts.organization_member WHERE organization = $1"
          + " AND (role IS NULL) = $2";
  private static final String OTHER_OWNERS =
      """
      SELECT FROM accounts.organization_member
      WHERE organization = $1 AND account <> $2 AND role = $3 LIMIT 1
      """;
  private static final String INSERT_MEMBER =
      """
      INSERT INTO accounts.organization_member (id, organization, account, role)
      VALUES ($1 || '/' || $2, $1, $2, $3) ON CONFLICT DO NOTHING
      """;
  private static final String SET_ROLE =
      "UPDATE accounts.organization_member SET role = $3"
          + " WHERE organization = $1 AND account = $2 AND role IS NOT NULL";
  private static final String INSERT_PROGRAM =
      """
      INSERT INTO accounts.organization_member (id, organization, account, scopes)
      VALUES ($1 || '/' || $2, $1, $2, $3)
      """;
  private static final String SET_SCOPES =
      """
      UPDATE accounts.organization_member SET scopes = coalesce($3, scopes)
      WHERE organization = $1 AND account = $2 AND scopes IS NOT NULL
      RETURNING scopes, (SELECT email FROM accounts.account WHERE id = $2) AS username
      """;
  private static final String DELETE_MEMBER =
      "DELETE FROM accounts.organization_member WHERE organization = $1 AND account = $2";

  /** Keeps an organization as it is until the end of the transaction; false if there is none. */
  Future<Boolean> lock(SqlConnection connection, AccountId organization) {
    return any(connection, LOCK, Tuple.of(organization.toString()));
  }

  /** Keeps a person from getting into more; in how many he is, empty if there is no such person. */
  Future<Optional<Long>> lockPerson(SqlConnection connection, AccountId person) {
    return any(connection, LOCK_PERSON, Tuple.of(person.toString()))
        .compose(
            found ->
                found
                    ? count(connection, COUNT_OF_PERSON, Tuple.of(person.toString()))
                        .map(Optional::of)
                    : Future.succeededFuture(Optional.empty()));
  }

  Future<Void> insert(
      SqlConnection connection, AccountId id, String email, String slug, String name) {
    return connection
        .preparedQuery(INSERT_ACCOUNT)
        .execute(Tuple.of(id.toString(), email, name))
        .compose(_ -> connection.preparedQuery(INSERT).execute(Tuple.of(id.toString(), slug, name)))
        .mapEmpty();
  }

  Future<Boolean> edit(SqlConnection connection, AccountId organization, String name) {
    return changed(connection, EDIT, Tuple.of(organization.toString(), name));
  }

  Future<Boolean> hasProducts(SqlConnection connection, AccountId organization) {
    return any(connection, HAS_PRODUCTS, Tuple.of(organization.toString()));
  }

  /** Deletes one, and all that is its. */
  Future<Boolean> delete(SqlConnection connection, AccountId organization) {
    return changed(connection, DELETE, Tuple.of(organization.toString()));
  }

  /** How many people, or API users, it has. */
  Future<Long> count(SqlConnection connection, AccountId organization, boolean programs) {
    return count(connection, COUNT, Tuple.of(organization.toString(), programs));
  }

  /** Whether somebody else than this one owns it. */
  Future<Boolean> hasOtherOwners(
      SqlConnection connection, AccountId organization, AccountId member) {
    return any(
        connection,
        OTHER_OWNERS,
        Tuple.of(organization.toString(), member.toString(), Role.OWNER.id()));
  }

  /** Adds a member; false if there is one already. */
  Future<Boolean> insertMember(
      SqlConnection connection, AccountId organization, AccountId person, Role role) {
    return changed(
        connection, INSERT_MEMBER, Tuple.of(organization.toString(), person.toString(), role.id()));
  }

  Future<Boolean> setRole(
      SqlConnection connection, AccountId organization, AccountId member, Role role) {
    return changed(
        connection, SET_ROLE, Tuple.of(organization.toString(), member.toString(), role.id()));
  }

  Future<Void> insertProgram(
      SqlConnection connection, AccountId organization, AccountId program, List<String> scopes) {
    return connection
        .preparedQuery(INSERT_PROGRAM)
        .execute(
            Tuple.of(organization.toString(), program.toString(), scopes.toArray(String[]::new)))
        .mapEmpty();
  }

  /**
   * Changes what an API user may do.
   *
   * @param scopes none leave it as it is
   */
  Future<Optional<Scoped>> setScopes(
      SqlConnection connection, AccountId organization, AccountId member, List<String> scopes) {
    return connection
        .preparedQuery(SET_SCOPES)
        .execute(
            Tuple.of(
                organization.toString(),
                member.toString(),
                scopes.isEmpty() ? null : scopes.toArray(String[]::new)))
        .map(rows -> rows.stream().findFirst().map(row -> Scoped.of(member, row)));
  }

  Future<Boolean> deleteMember(SqlConnection connection, AccountId organization, AccountId member) {
    return changed(connection, DELETE_MEMBER, Tuple.of(organization.toString(), member.toString()));
  }

  private static Future<Boolean> any(SqlConnection connection, String sql, Tuple parameters) {
    return connection.preparedQuery(sql).execute(parameters).map(rows -> rows.size() > 0);
  }

  private static Future<Boolean> changed(SqlConnection connection, String sql, Tuple parameters) {
    return connection.preparedQuery(sql).execute(parameters).map(rows -> rows.rowCount() == 1);
  }

  private static Future<Long> count(SqlConnection connection, String sql, Tuple parameters) {
    return connection
        .preparedQuery(sql)
        .execute(parameters)
        .map(rows -> rows.iterator().next().getLong(0));
  }
}
