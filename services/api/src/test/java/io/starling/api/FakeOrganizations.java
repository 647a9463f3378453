package io.starling.api;

import io.starling.contract.AccountId;
import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.OrganizationsReply;
import io.starling.contract.OrganizationsRequest;
import io.starling.contract.Role;
import io.starling.contract.TeamsReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Organizations without a database. */
final class FakeOrganizations {
  private final FakeDirectory directory;
  private final FakePeople people;
  private final Map<String, String> roles = new ConcurrentHashMap<>();
  private int count;

  FakeOrganizations(FakeDirectory directory, FakePeople people) {
    this.directory = directory;
    this.people = people;
  }

  /** Made past the API. */
  AccountId make(AccountId owner, String slug) {
    var id = AccountId.create();
    directory.organization(id, slug, slug);
    set(id, owner, Role.OWNER.id());
    return id;
  }

  void set(AccountId organization, AccountId member, String role) {
    roles.put(organization + "/" + member, role);
    directory.colleague(organization, member, role);
  }

  BusMessage write(OrganizationsRequest request) {
    return switch (request) {
      case OrganizationsRequest.CreateOrganization(var person, var name) -> {
        if (count++ == 2) {
          yield new OrganizationsReply.TooManyOrganizations();
        }
        yield new OrganizationsReply.OrganizationCreated(
            make(person, name.toLowerCase(java.util.Locale.ROOT)), directory.end());
      }
      case OrganizationsRequest.EditOrganization(var id, var name) -> {
        directory.organization(id, "acme", name);
        yield new AccountsReply.Written(directory.end());
      }
      case OrganizationsRequest.DeleteOrganization(var id) -> {
        directory.remove("organization", id.toString());
        roles.keySet().stream()
            .filter(key -> key.startsWith(id.toString()))
            .forEach(key -> directory.remove("organization_member", key));
        yield new AccountsReply.Written(directory.end());
      }
      case OrganizationsRequest.AddColleague(var id, var email, var role) -> {
        var known = people.find(email);
        if (known.isEmpty()) {
          yield new TeamsReply.MemberRefused(TeamsReply.MemberRefused.Reason.UNKNOWN);
        }
        set(id, known.get(), role);
        yield new TeamsReply.MemberAdded(known.get(), directory.end());
      }
      case OrganizationsRequest.EditColleague(var id, var member, var role) -> {
        if (isLastOwner(id, member)) {
          yield lastOwner();
        }
        set(id, member, role);
        yield new AccountsReply.Written(directory.end());
      }
      case OrganizationsRequest.RemoveColleague(var id, var member) -> {
        if (isLastOwner(id, member)) {
          yield lastOwner();
        }
        roles.remove(id + "/" + member);
        directory.remove("organization_member", id + "/" + member);
        yield new AccountsReply.Written(directory.end());
      }
      case OrganizationsRequest.CreateColleagueProgram(var id, var name, var scopes) -> {
        var made = AccountId.create();
        directory.program(made, name + "+1@api.starling.invalid", name);
        directory.colleague(id, made, null, scopes);
        directory.programToken(made, FakePeople.PROGRAM_TOKEN, 0, scopes);
        yield token(made, name);
      }
      case OrganizationsRequest.RenewColleagueProgram(var id, var member, var scopes) -> {
        if (!scopes.isEmpty()) {
          directory.colleague(id, member, null, scopes);
          directory.programToken(member, FakePeople.PROGRAM_TOKEN, 0, scopes);
        }
        yield token(member, "it");
      }
    };
  }

  private TeamsReply.ProgramToken token(AccountId program, String name) {
    return new TeamsReply.ProgramToken(
        program, name + "+1@api.starling.invalid", FakePeople.PROGRAM_TOKEN, directory.end());
  }

  private static OrganizationsReply.ChangeRefused lastOwner() {
    return new OrganizationsReply.ChangeRefused(OrganizationsReply.ChangeRefused.Reason.LAST_OWNER);
  }

  private boolean isLastOwner(AccountId organization, AccountId member) {
    return roles.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(organization.toString()))
        .filter(entry -> entry.getValue().equals(Role.OWNER.id()))
        .allMatch(entry -> entry.getKey().endsWith(member.toString()));
  }
}
