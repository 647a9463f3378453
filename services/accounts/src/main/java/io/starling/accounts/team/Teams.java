package io.starling.accounts.team;

import io.starling.accounts.team.TeamAccounts.NewToken;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.Role;
import io.starling.contract.TeamsReply;
import io.starling.contract.TeamsReply.MemberRefused.Reason;
import io.starling.contract.TeamsRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;

/** The teams of products. */
public final class Teams {
  private static final int MAX_PEOPLE = 200;

  private final ConfigurationWriter writer;
  private final TeamAccounts accounts;
  private final TeamStore store = new TeamStore();

  /** Teams written by this writer. */
  public Teams(ConfigurationWriter writer, TeamAccounts accounts) {
    this.writer = writer;
    this.accounts = accounts;
  }

  private sealed interface Result<T> {
    record Done<T>(T value) implements Result<T> {}

    record Refused<T>(Reason reason) implements Result<T> {}

    record Absent<T>() implements Result<T> {}
  }

  /** Answers what is asked about teams. */
  public Future<? extends BusMessage> answer(TeamsRequest request) {
    return switch (request) {
      case TeamsRequest.AddMember add -> add(add);
      case TeamsRequest.EditMember edit -> edit(edit);
      case TeamsRequest.RemoveMember remove -> remove(remove);
      case TeamsRequest.CreateProgram create -> create(create);
      case TeamsRequest.RenewProgram renew -> renew(renew);
    };
  }

  /** Takes a person in. */
  private Future<TeamsReply.AddMemberReply> add(TeamsRequest.AddMember request) {
    var role = role(request.role());
    return writer
        .write(connection -> add(connection, request, role))
        .map(
            written ->
                switch (written.value()) {
                  case Result.Done<AccountId>(var member) ->
                      new TeamsReply.MemberAdded(member, written.position());
                  case Result.Refused<AccountId>(var reason) ->
                      new TeamsReply.MemberRefused(reason);
                  case Result.Absent<AccountId> _ -> new TeamsReply.MemberRefused(Reason.UNKNOWN);
                });
  }

  private Future<Result<AccountId>> add(
      SqlConnection connection, TeamsRequest.AddMember request, Role role) {
    int product = request.product();
    return locked(connection, product, MAX_PEOPLE, false)
        .compose(
            team ->
                switch (team) {
                  case Result.Done<AccountId>(var owner) ->
                      accounts
                          .findPerson(connection, request.email())
                          .compose(
                              found -> {
                                if (found.isEmpty()) {
                                  return refused(Reason.UNKNOWN);
                                }
                                return found.get().equals(owner)
                                    ? refused(Reason.IN_IT_ALREADY)
                                    : insert(connection, product, found.get(), role);
                              });
                  case Result<AccountId> other -> Future.succeededFuture(other);
                });
  }

  private Future<Result<AccountId>> insert(
      SqlConnection connection, int product, AccountId person, Role role) {
    return store
        .insert(connection, product, person, role.id(), null)
        .map(done -> done ? new Result.Done<>(person) : new Result.Refused<>(Reason.IN_IT_ALREADY));
  }

  /** The owner of a product whose team has room, and which nobody else changes now. */
  private Future<Result<AccountId>> locked(
      SqlConnection connection, int product, int most, boolean programs) {
    return store
        .lock(connection, product)
        .compose(
            owner ->
                owner.isEmpty()
                    ? Future.succeededFuture(new Result.Absent<>())
                    : store
                        .count(connection, product, programs)
                        .map(
                            count ->
                                count < most
                                    ? new Result.Done<>(owner.get())
                                    : new Result.Refused<>(Reason.TOO_MANY)));
  }

  private static <T> Future<Result<T>> refused(Reason reason) {
    return Future.succeededFuture(new Result.Refused<>(reason));
  }

  /** Gives a person another role. */
  private Future<AccountsReply.WriteReply> edit(TeamsRequest.EditMember request) {
    var role = role(request.role());
    return written(
        writer.write(
            connection ->
                store.setRole(connection, request.product(), request.member(), role.id())));
  }

  /** Takes somebody out. */
  private Future<AccountsReply.WriteReply> remove(TeamsRequest.RemoveMember request) {
    return written(
        writer.write(
            connection ->
                store
                    .delete(connection, request.product(), request.member())
                    .compose(
                        done ->
                            done
                                ? accounts.delete(connection, request.member()).map(true)
                                : Future.succeededFuture(false))));
  }

  private static Future<AccountsReply.WriteReply> written(
      Future<ConfigurationWriter.Written<Boolean>> write) {
    return write.map(
        written ->
            written.value()
                ? new AccountsReply.Written(written.position())
                : new AccountsReply.NotFound());
  }

  /** Makes an API user. */
  private Future<TeamsReply.ProgramReply> create(TeamsRequest.CreateProgram request) {
    var scopes = TeamAccounts.scopes(request.scopes());
    return answered(
        writer.write(
            connection ->
                locked(connection, request.product(), TeamAccounts.MAX_PROGRAMS, true)
                    .compose(
                        team ->
                            switch (team) {
                              case Result.Done<AccountId> _ -> insert(connection, request, scopes);
                              case Result.Refused<AccountId>(var reason) -> refused(reason);
                              case Result.Absent<AccountId> _ ->
                                  Future.succeededFuture(new Result.Absent<>());
                            })));
  }

  private Future<Result<NewToken>> insert(
      SqlConnection connection, TeamsRequest.CreateProgram request, List<String> scopes) {
    int product = request.product();
    return accounts
        .insert(connection, product, request.name())
        .compose(
            program ->
                store
                    .insert(connection, product, program.id(), null, scopes)
                    .compose(_ -> accounts.issue(connection, program, product, scopes)))
        .map(Result.Done::new);
  }

  /** Gives an API user a new token, and ends the one before. */
  private Future<TeamsReply.ProgramReply> renew(TeamsRequest.RenewProgram request) {
    var scopes = TeamAccounts.scopes(request.scopes());
    return answered(writer.write(connection -> renew(connection, request, scopes)));
  }

  private Future<Result<NewToken>> renew(
      SqlConnection connection, TeamsRequest.RenewProgram request, List<String> scopes) {
    int product = request.product();
    return store
        .setScopes(connection, product, request.member(), scopes)
        .compose(
            found ->
                found
                    .map(
                        it ->
                            accounts
                                .issue(connection, it.program(), product, it.scopes())
                                .<Result<NewToken>>map(Result.Done::new))
                    .orElseGet(() -> Future.succeededFuture(new Result.Absent<>())));
  }

  private static Future<TeamsReply.ProgramReply> answered(
      Future<ConfigurationWriter.Written<Result<NewToken>>> write) {
    return write.map(
        written ->
            switch (written.value()) {
              case Result.Done<NewToken>(var made) -> made.told(written.position());
              case Result.Refused<NewToken>(var reason) -> new TeamsReply.MemberRefused(reason);
              case Result.Absent<NewToken> _ -> new AccountsReply.NotFound();
            });
  }

  private static Role role(String id) {
    return Role.named(id)
        .filter(role -> role != Role.OWNER)
        .orElseThrow(() -> new IllegalArgumentException("no role to give: " + id));
  }
}
