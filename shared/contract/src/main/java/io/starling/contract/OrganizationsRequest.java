package io.starling.contract;

import java.util.List;

/**
 * What the accounts service answers about organizations and who is in them. All are configuration
 * writes, as {@link ProductsRequest} says of its own. The caller has been found to be allowed to
 * ask.
 */
public sealed interface OrganizationsRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.organizations";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Make an organization, whose owner a person becomes. One is in at most 20.
   *
   * @param name as people know it
   */
  @Wire("organizations.create")
  record CreateOrganization(AccountId person, String name)
      implements OrganizationsRequest, Request<OrganizationsReply.CreateReply> {}

  /** Give an organization another name. */
  @Wire("organizations.edit")
  record EditOrganization(AccountId organization, String name)
      implements OrganizationsRequest, Request<AccountsReply.WriteReply> {}

  /** Delete an organization that has no products. */
  @Wire("organizations.delete")
  record DeleteOrganization(AccountId organization)
      implements OrganizationsRequest, Request<OrganizationsReply.ChangeReply> {}

  /**
   * Take a person in. An organization has at most 200.
   *
   * @param email of an account that there is
   * @param role the id of a {@link Role}
   */
  @Wire("organizations.add")
  record AddColleague(AccountId organization, String email, String role)
      implements OrganizationsRequest, Request<TeamsReply.AddMemberReply> {}

  /** Give a member another role. */
  @Wire("organizations.role")
  record EditColleague(AccountId organization, AccountId member, String role)
      implements OrganizationsRequest, Request<OrganizationsReply.ChangeReply> {}

  /** Take somebody out; an API user is deleted. */
  @Wire("organizations.remove")
  record RemoveColleague(AccountId organization, AccountId member)
      implements OrganizationsRequest, Request<OrganizationsReply.ChangeReply> {}

  /**
   * Make an API user of an organization, with a token that never expires, for the organization and
   * its products. At most 100 for an organization.
   *
   * @param name as people know it
   * @param scopes the names of {@link Scope}s
   */
  @Wire("organizations.program.create")
  record CreateColleagueProgram(AccountId organization, String name, List<String> scopes)
      implements OrganizationsRequest, Request<TeamsReply.ProgramReply> {}

  /**
   * Give an API user a new token, and maybe other scopes; the one before ends.
   *
   * @param scopes none leave them as they are
   */
  @Wire("organizations.program.renew")
  record RenewColleagueProgram(AccountId organization, AccountId member, List<String> scopes)
      implements OrganizationsRequest, Request<TeamsReply.ProgramReply> {}
}
