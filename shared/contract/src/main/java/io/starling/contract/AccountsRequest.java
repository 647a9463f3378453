package io.starling.contract;

/**
 * What the accounts service answers, at {@code accounts}. All of these are configuration writes:
 * they need the database and answer {@link AccountsReply.DatabaseDown} within a second without it.
 * A reply that tells a position has its change in the directory up to there.
 */
public sealed interface AccountsRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Sign a person up. */
  @Wire("accounts.sign-up")
  record SignUp(String email, String password)
      implements AccountsRequest, Request<AccountsReply.SignUpReply> {
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
  @Wire("accounts.log-in")
  record LogIn(
      String email, String password, String client, String clientAddress, long lifetimeSeconds)
      implements AccountsRequest, Request<AccountsReply.LogInReply> {
    @Override
    public String toString() {
      return "LogIn[" + email + ", " + client + "]";
    }
  }

  /**
   * Revoke one token, given by the SHA-256 of it in hexadecimal digits. Possession is enough;
   * unknown tokens are fine.
   */
  @Wire("accounts.token.revoke")
  record RevokeToken(String tokenHash)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /** Revoke all tokens of an account. */
  @Wire("accounts.token.revoke-all")
  record RevokeAllTokens(AccountId account)
      implements AccountsRequest, Request<AccountsReply.WriteReply> {}

  /** There may be new changes in the change log: read it now. A hint. */
  @Wire("accounts.feed.wake")
  record WakeFeed() implements AccountsRequest {
    /** Where it is published. */
    public static final String ADDRESS = "accounts.feed";

    @Override
    public String address() {
      return ADDRESS;
    }
  }
}
