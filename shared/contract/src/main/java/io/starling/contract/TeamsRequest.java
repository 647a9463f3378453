package io.starling.contract;

import java.util.List;

/**
 * What the accounts service answers about who works on a product. All are configuration writes, as
 * {@link ProductsRequest} says of its own. The caller has been found to be allowed to ask.
 */
public sealed interface TeamsRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.teams";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Take a person into the team of a product. At most 200 for a product.
   *
   * @param email of an account that there is
   * @param role the id of a {@link Role}
   */
  @Wire("teams.add")
  record AddMember(int product, String email, String role)
      implements TeamsRequest, Request<TeamsReply.AddMemberReply> {}

  /** Give a member that is a person another role. */
  @Wire("teams.edit")
  record EditMember(int product, AccountId member, String role)
      implements TeamsRequest, Request<AccountsReply.WriteReply> {}

  /** Take somebody out of the team of a product; an API user is deleted. */
  @Wire("teams.remove")
  record RemoveMember(int product, AccountId member)
      implements TeamsRequest, Request<AccountsReply.WriteReply> {}

  /**
   * Make an API user of a product, with a token that never expires. At most 100 for a product.
   *
   * @param name as people know it
   * @param scopes the names of {@link Scope}s
   */
  @Wire("teams.program.create")
  record CreateProgram(int product, String name, List<String> scopes)
      implements TeamsRequest, Request<TeamsReply.ProgramReply> {}

  /**
   * Give an API user a new token, and maybe other scopes; the one before ends.
   *
   * @param scopes none leave them as they are
   */
  @Wire("teams.program.renew")
  record RenewProgram(int product, AccountId member, List<String> scopes)
      implements TeamsRequest, Request<TeamsReply.ProgramReply> {}
}
