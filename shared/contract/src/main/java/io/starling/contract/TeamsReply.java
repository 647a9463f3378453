package io.starling.contract;

/** What the accounts service answers about teams, beside {@link AccountsReply.WriteReply}. */
public sealed interface TeamsReply extends BusMessage {

  /** The answer to {@link TeamsRequest.AddMember}. */
  sealed interface AddMemberReply extends TeamsReply
      permits MemberAdded, MemberRefused, AccountsReply.DatabaseDown {}

  /** In the team from now on. */
  @Wire("teams.added")
  record MemberAdded(AccountId member, JournalPosition position) implements AddMemberReply {}

  /** Not taken in. */
  @Wire("teams.refused")
  record MemberRefused(Reason reason) implements AddMemberReply, ProgramReply {
    /** Why. */
    public enum Reason {
      UNKNOWN,
      IN_IT_ALREADY,
      TOO_MANY
    }
  }

  /** The answer to what makes a token for an API user. */
  sealed interface ProgramReply extends TeamsReply
      permits ProgramToken, MemberRefused, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /**
   * A new token of an API user.
   *
   * @param username of the API user
   * @param token 40 hexadecimal digits, told once
   */
  @Wire("teams.program.token")
  record ProgramToken(AccountId member, String username, String token, JournalPosition position)
      implements ProgramReply {
    @Override
    public String toString() {
      return "ProgramToken[" + member + "]";
    }
  }
}
