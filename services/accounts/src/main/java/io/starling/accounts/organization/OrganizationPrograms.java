package io.starling.accounts.organization;

import io.starling.accounts.team.TeamAccounts;
import io.starling.accounts.team.TeamAccounts.NewToken;
import io.starling.accounts.token.Grant;
import io.starling.contract.AccountsReply;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.TeamsReply;
import io.starling.contract.TeamsReply.MemberRefused;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.Optional;

/** The API users of organizations. */
final class OrganizationPrograms {
  private final ConfigurationWriter writer;
  private final TeamAccounts accounts;
  private final OrganizationStore store;

  OrganizationPrograms(ConfigurationWriter writer, TeamAccounts accounts, OrganizationStore store) {
    this.writer = writer;
    this.accounts = accounts;
    this.store = store;
  }

  private enum Room {
    NONE,
    SOME,
    NO_SUCH_ORGANIZATION
  }

  private record Made(Room room, Optional<NewToken> token) {}

  Future<TeamsReply.ProgramReply> create(OrganizationsRequest.CreateColleagueProgram request) {
    var scopes = TeamAccounts.scopes(request.scopes());
    return writer
        .write(
            connection ->
                room(connection, request)
                    .compose(
                        room ->
                            room == Room.SOME
                                ? insert(connection, request, scopes)
                                    .map(token -> new Made(room, Optional.of(token)))
                                : Future.succeededFuture(new Made(room, Optional.empty()))))
        .map(
            written ->
                written
                    .value()
                    .token()
                    .<TeamsReply.ProgramReply>map(token -> token.told(written.position()))
                    .orElseGet(
                        () ->
                            written.value().room() == Room.NONE
                                ? new MemberRefused(MemberRefused.Reason.TOO_MANY)
                                : new AccountsReply.NotFound()));
  }

  private Future<Room> room(
      SqlConnection connection, OrganizationsRequest.CreateColleagueProgram request) {
    return store
        .lock(connection, request.organization())
        .compose(
            there ->
                there
                    ? store
                        .count(connection, request.organization(), true)
                        .map(count -> count < TeamAccounts.MAX_PROGRAMS ? Room.SOME : Room.NONE)
                    : Future.succeededFuture(Room.NO_SUCH_ORGANIZATION));
  }

  private Future<NewToken> insert(
      SqlConnection connection,
      OrganizationsRequest.CreateColleagueProgram request,
      List<String> scopes) {
    return accounts
        .insert(connection, request.organization(), request.name())
        .compose(
            program ->
                store
                    .insertProgram(connection, request.organization(), program.id(), scopes)
                    .compose(_ -> accounts.issue(connection, program, Grant.ALL, scopes)));
  }

  Future<TeamsReply.ProgramReply> renew(OrganizationsRequest.RenewColleagueProgram request) {
    var scopes = TeamAccounts.scopes(request.scopes());
    return writer
        .write(
            connection ->
                store
                    .setScopes(connection, request.organization(), request.member(), scopes)
                    .compose(
                        found ->
                            found
                                .map(
                                    it ->
                                        accounts
                                            .issue(connection, it.program(), Grant.ALL, it.scopes())
                                            .map(Optional::of))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
        .map(
            written ->
                written
                    .value()
                    .<TeamsReply.ProgramReply>map(token -> token.told(written.position()))
                    .orElseGet(AccountsReply.NotFound::new));
  }
}
