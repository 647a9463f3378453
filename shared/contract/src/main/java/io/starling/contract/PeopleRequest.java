package io.starling.contract;

/**
 * What the accounts service answers about people and their tokens, at {@code accounts.people}. All
 * of these need the database and answer {@link PeopleReply.DatabaseDown} within a second without
 * it. A reply that tells a position has its change in the directory up to there.
 */
public sealed interface PeopleRequest extends BusMessage, Addressed {
  /** Where these are answered. */
  String ADDRESS = "accounts.people";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Sign a person up. */
  @Wire("people.sign-up")
  record SignUp(String email, String password)
      implements PeopleRequest, Request<PeopleReply.SignUpReply> {
    @Override
    public String toString() {
      return "SignUp[" + email + "]";
    }
  }

  /**
   * Exchange a password for an access token.
   *
   * @param clientAddress where the client connects from, for the limit on guessing
   * @param lifetimeSeconds 0 for a token that never expires
   */
  @Wire("people.log-in")
  record LogIn(
      String email, String password, String client, String clientAddress, long lifetimeSeconds)
      implements PeopleRequest, Request<PeopleReply.LogInReply> {
    @Override
    public String toString() {
      return "LogIn[" + email + ", " + client + "]";
    }
  }

  /**
   * Revoke one token, given by the SHA-256 of it in hexadecimal digits. Possession is enough;
   * unknown tokens are fine.
   */
  @Wire("people.token.revoke")
  record RevokeToken(String tokenHash) implements PeopleRequest, Request<PeopleReply.WriteReply> {}

  /** Revoke all tokens of an account. */
  @Wire("people.token.revoke-all")
  record RevokeAllTokens(AccountId account)
      implements PeopleRequest, Request<PeopleReply.WriteReply> {}
}
