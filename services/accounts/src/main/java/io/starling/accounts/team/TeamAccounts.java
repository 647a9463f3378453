package io.starling.accounts.team;

import io.starling.accounts.token.Grant;
import io.starling.accounts.token.Tokens;
import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.Role;
import io.starling.contract.Scope;
import io.starling.contract.TeamsReply;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The accounts of those who are in the teams of products and of organizations: people are found,
 * API users are made, renewed and deleted. Who is in which team is the caller's to write down.
 * Within transactions of the caller.
 */
public final class TeamAccounts {
  /** How many API users a product, or an organization, may have. */
  public static final int MAX_PROGRAMS = 100;

  private static final int MAX_NAME = 40;

  /** A name that no mail goes to (RFC 2606). */
  private static final String DOMAIN = "@api.starling.invalid";

  private static final String CLIENT = "api-user";
  private static final long FOR_EVER = 0;

  private final Tokens tokens;
  private final TeamAccountStore store = new TeamAccountStore();

  /** Accounts whose tokens are issued by these. */
  public TeamAccounts(Tokens tokens) {
    this.tokens = tokens;
  }

  /** An API user. */
  public record Program(AccountId id, String username) {}

  /** An API user, and what it may do. */
  public record Scoped(Program program, List<String> scopes) {
    /** Of a row with its {@code username} and its {@code scopes}. */
    public static Scoped of(AccountId id, Row row) {
      return new Scoped(
          new Program(id, row.getString("username")), List.of(row.getArrayOfStrings("scopes")));
    }
  }

  /** A token of an API user, told once. */
  public record NewToken(Program program, String token) {
    /** As who asked for it is told. */
    public TeamsReply.ProgramToken told(JournalPosition position) {
      return new TeamsReply.ProgramToken(program.id(), program.username(), token, position);
    }

    @Override
    public String toString() {
      return "NewToken[" + program + "]";
    }
  }

  /** The person with an address. */
  public Future<Optional<AccountId>> findPerson(SqlConnection connection, String email) {
    return store.findPerson(connection, email);
  }

  /** Makes an API user that goes with its product. */
  public Future<Program> insert(SqlConnection connection, int product, String name) {
    var program = named(name);
    return store
        .insertProgram(connection, program.id(), program.username(), name, product, null)
        .map(program);
  }

  /** Makes an API user that goes with its organization. */
  public Future<Program> insert(SqlConnection connection, AccountId organization, String name) {
    var program = named(name);
    return store
        .insertProgram(
            connection, program.id(), program.username(), name, null, organization.toString())
        .map(program);
  }

  private static Program named(String name) {
    var id = AccountId.create();
    return new Program(id, username(name, id));
  }

  /**
   * Gives an API user its one token; those that it had end.
   *
   * @param product the only one that it is for; {@link Grant#ALL} for those of its organization
   */
  public Future<NewToken> issue(
      SqlConnection connection, Program program, int product, List<String> scopes) {
    var grant = new Grant(program.id(), product, CLIENT, FOR_EVER, scopes);
    return tokens
        .revokeAll(connection, program.id())
        .compose(_ -> tokens.issue(connection, grant))
        .map(issued -> new NewToken(program, issued.token()));
  }

  /** Deletes an API user with all that is its; a person stays. */
  public Future<Void> delete(SqlConnection connection, AccountId member) {
    return store.deleteProgram(connection, member);
  }

  /** The names of scopes that may be given; throws where there is another one. */
  public static List<String> scopes(List<String> names) {
    return names.stream()
        .map(
            name ->
                Scope.named(name)
                    .filter(Role.OWNER.scopes()::contains)
                    .orElseThrow(() -> new IllegalArgumentException("no scope to give: " + name)))
        .distinct()
        .map(Scope::text)
        .toList();
  }

  private static String username(String name, AccountId id) {
    String words =
        Optional.of(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"))
            .map(text -> text.replaceAll("^-|-$", ""))
            .filter(text -> !text.isEmpty())
            .orElse("api-user");
    return words.substring(0, Math.min(words.length(), MAX_NAME))
        + "+"
        + id.toString().substring(14)
        + DOMAIN;
  }
}
