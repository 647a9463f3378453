package io.starling.accounts.organization;

import io.starling.accounts.team.TeamAccounts;
import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.OrganizationsReply;
import io.starling.contract.OrganizationsReply.ChangeRefused.Reason;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.Role;
import io.starling.contract.TeamsReply;
import io.starling.contract.TeamsReply.MemberRefused;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Locale;
import java.util.function.Function;

/** Organizations, and who is in them. */
public final class Organizations {
  private static final int MAX_OF_PERSON = 20;
  private static final int MAX_PEOPLE = 200;
  private static final int MAX_SLUG = 48;

  /** A name that no mail goes to (RFC 2606). */
  private static final String DOMAIN = "@organization.starling.invalid";

  private final ConfigurationWriter writer;
  private final TeamAccounts accounts;
  private final OrganizationStore store = new OrganizationStore();
  private final OrganizationPrograms programs;

  /** Organizations written by this writer. */
  public Organizations(ConfigurationWriter writer, TeamAccounts accounts) {
    this.writer = writer;
    this.accounts = accounts;
    this.programs = new OrganizationPrograms(writer, accounts, store);
  }

  private enum Changed {
    YES,
    NOT_FOUND,
    NOT_EMPTY,
    LAST_OWNER
  }

  /** Answers what is asked about organizations. */
  public Future<? extends BusMessage> answer(OrganizationsRequest request) {
    return switch (request) {
      case OrganizationsRequest.CreateOrganization create -> create(create);
      case OrganizationsRequest.EditOrganization edit -> edit(edit);
      case OrganizationsRequest.DeleteOrganization delete -> delete(delete);
      case OrganizationsRequest.AddColleague add -> add(add);
      case OrganizationsRequest.EditColleague edit -> edit(edit);
      case OrganizationsRequest.RemoveColleague remove -> remove(remove);
      case OrganizationsRequest.CreateColleagueProgram create -> programs.create(create);
      case OrganizationsRequest.RenewColleagueProgram renew -> programs.renew(renew);
    };
  }

  private Future<OrganizationsReply.CreateReply> create(
      OrganizationsRequest.CreateOrganization request) {
    var id = AccountId.create();
    return writer
        .write(
            connection ->
                store
                    .lockPerson(connection, request.person())
                    .compose(
                        in ->
                            in.isPresent() && in.get() < MAX_OF_PERSON
                                ? insert(connection, id, request).map(true)
                                : Future.succeededFuture(false)))
        .map(
            written ->
                written.value()
                    ? new OrganizationsReply.OrganizationCreated(id, written.position())
                    : new OrganizationsReply.TooManyOrganizations());
  }

  private Future<Boolean> insert(
      SqlConnection connection, AccountId id, OrganizationsRequest.CreateOrganization request) {
    return store
        .insert(connection, id, id + DOMAIN, slug(request.name(), id), request.name())
        .compose(_ -> store.insertMember(connection, id, request.person(), Role.OWNER));
  }

  private Future<AccountsReply.WriteReply> edit(OrganizationsRequest.EditOrganization request) {
    return writer
        .write(connection -> store.edit(connection, request.organization(), request.name()))
        .map(
            written ->
                written.value()
                    ? new AccountsReply.Written(written.position())
                    : new AccountsReply.NotFound());
  }

  private Future<OrganizationsReply.ChangeReply> delete(
      OrganizationsRequest.DeleteOrganization request) {
    var organization = request.organization();
    return change(
        organization,
        connection ->
            store
                .hasProducts(connection, organization)
                .compose(
                    has ->
                        has
                            ? Future.succeededFuture(Changed.NOT_EMPTY)
                            : store.delete(connection, organization).map(Organizations::done)));
  }

  private Future<TeamsReply.AddMemberReply> add(OrganizationsRequest.AddColleague request) {
    var role = role(request.role());
    return writer
        .write(connection -> add(connection, request, role))
        .map(
            written ->
                switch (written.value()) {
                  case Taken.In(var member) ->
                      new TeamsReply.MemberAdded(member, written.position());
                  case Taken.Not(var reason) -> new MemberRefused(reason);
                });
  }

  private sealed interface Taken {
    record In(AccountId member) implements Taken {}

    record Not(MemberRefused.Reason reason) implements Taken {}
  }

  private Future<Taken> add(
      SqlConnection connection, OrganizationsRequest.AddColleague request, Role role) {
    var organization = request.organization();
    return store
        .lock(connection, organization)
        .compose(_ -> accounts.findPerson(connection, request.email()))
        .compose(
            person ->
                person.isEmpty()
                    ? refused(MemberRefused.Reason.UNKNOWN)
                    : store
                        .count(connection, organization, false)
                        .compose(
                            people ->
                                people < MAX_PEOPLE
                                    ? insert(connection, organization, person.get(), role)
                                    : refused(MemberRefused.Reason.TOO_MANY)));
  }

  private Future<Taken> insert(
      SqlConnection connection, AccountId organization, AccountId person, Role role) {
    return store
        .lockPerson(connection, person)
        .compose(
            in ->
                in.orElse(0L) < MAX_OF_PERSON
                    ? store
                        .insertMember(connection, organization, person, role)
                        .map(
                            done ->
                                done
                                    ? new Taken.In(person)
                                    : new Taken.Not(MemberRefused.Reason.IN_IT_ALREADY))
                    : refused(MemberRefused.Reason.TOO_MANY));
  }

  private static Future<Taken> refused(MemberRefused.Reason reason) {
    return Future.succeededFuture(new Taken.Not(reason));
  }

  private Future<OrganizationsReply.ChangeReply> edit(OrganizationsRequest.EditColleague request) {
    var role = role(request.role());
    var organization = request.organization();
    var member = request.member();
    return change(
        organization,
        connection ->
            store
                .hasOtherOwners(connection, organization, member)
                .compose(
                    others ->
                        others || role == Role.OWNER
                            ? store
                                .setRole(connection, organization, member, role)
                                .map(Organizations::done)
                            : Future.succeededFuture(Changed.LAST_OWNER)));
  }

  private Future<OrganizationsReply.ChangeReply> remove(
      OrganizationsRequest.RemoveColleague request) {
    var organization = request.organization();
    var member = request.member();
    return change(
        organization,
        connection ->
            store
                .hasOtherOwners(connection, organization, member)
                .compose(
                    others ->
                        others
                            ? store
                                .deleteMember(connection, organization, member)
                                .compose(
                                    done ->
                                        done
                                            ? accounts.delete(connection, member).map(Changed.YES)
                                            : Future.succeededFuture(Changed.NOT_FOUND))
                            : Future.succeededFuture(Changed.LAST_OWNER)));
  }

  /** Changes an organization that nobody else changes meanwhile. */
  private Future<OrganizationsReply.ChangeReply> change(
      AccountId organization, Function<SqlConnection, Future<Changed>> change) {
    return writer
        .write(
            connection ->
                store
                    .lock(connection, organization)
                    .compose(
                        there ->
                            there
                                ? change.apply(connection)
                                : Future.succeededFuture(Changed.NOT_FOUND)))
        .map(
            written ->
                switch (written.value()) {
                  case YES -> new AccountsReply.Written(written.position());
                  case NOT_FOUND -> new AccountsReply.NotFound();
                  case NOT_EMPTY -> new OrganizationsReply.ChangeRefused(Reason.NOT_EMPTY);
                  case LAST_OWNER -> new OrganizationsReply.ChangeRefused(Reason.LAST_OWNER);
                });
  }

  private static Changed done(boolean changed) {
    return changed ? Changed.YES : Changed.NOT_FOUND;
  }

  private static Role role(String id) {
    return Role.named(id).orElseThrow(() -> new IllegalArgumentException("no role: " + id));
  }

  private static String slug(String name, AccountId id) {
    String words =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return words.substring(0, Math.min(words.length(), MAX_SLUG))
        + "-"
        + id.toString().substring(16);
  }
}
