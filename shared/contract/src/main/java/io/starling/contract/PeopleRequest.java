package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /**
   * Sign a person up.
   *
   * @param info what the person tells of himself, a JSON object of texts and truth values
   */
  @Wire("people.sign-up")
  record SignUp(String email, String password, String info)
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
   * @param scopes the names of the {@link Scope}s that it is for; none for all that the person may
   */
  @Wire("people.log-in")
  record LogIn(
      String email,
      String password,
      String client,
      String clientAddress,
      long lifetimeSeconds,
      List<String> scopes)
      implements PeopleRequest, Request<PeopleReply.LogInReply> {
    /** Older nodes tell no scopes. */
    public LogIn {
      scopes = scopes == null ? List.of() : List.copyOf(scopes);
    }

    /** For all that the person may. */
    public LogIn(
        String email, String password, String client, String clientAddress, long lifetimeSeconds) {
      this(email, password, client, clientAddress, lifetimeSeconds, List.of());
    }

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

  /** Replace what a person tells of himself, a JSON object. */
  @Wire("people.user.describe")
  record DescribeUser(AccountId account, String info)
      implements PeopleRequest, Request<PeopleReply.WriteReply> {}

  /**
   * Change the password of a person at once, or the address once the link that is mailed to the new
   * one was followed.
   *
   * @param email null to leave it
   * @param newPassword null to leave it
   * @param invalidateTokens whether all tokens are revoked too
   */
  @Wire("people.user.change")
  record ChangeCredentials(
      AccountId account,
      String password,
      @Nullable String email,
      @Nullable String newPassword,
      boolean invalidateTokens,
      String clientAddress)
      implements PeopleRequest, Request<PeopleReply.ChangeReply> {
    @Override
    public String toString() {
      return "ChangeCredentials[" + account + "]";
    }
  }

  /** Delete a person, with tokens; devices belong to nobody then. */
  @Wire("people.user.delete")
  record DeleteUser(AccountId account, String password, String clientAddress)
      implements PeopleRequest, Request<PeopleReply.ChangeReply> {
    @Override
    public String toString() {
      return "DeleteUser[" + account + "]";
    }
  }

  /** Mail a link for a new password, if anybody has this address: not told. */
  @Wire("people.password.forgot")
  record ForgotPassword(String email) implements PeopleRequest, Request<PeopleReply.WriteReply> {}

  /**
   * Set a new password by a mailed link, which is good once; all tokens are revoked.
   *
   * @param linkHash the SHA-256 of what the link carries, in hexadecimal digits
   */
  @Wire("people.password.reset")
  record ResetPassword(String linkHash, String newPassword)
      implements PeopleRequest, Request<PeopleReply.LinkReply> {
    @Override
    public String toString() {
      return "ResetPassword[]";
    }
  }

  /** Take a new address by a link that was mailed there, which is good once. */
  @Wire("people.email.confirm")
  record ConfirmEmail(String linkHash) implements PeopleRequest, Request<PeopleReply.LinkReply> {}

  /**
   * Exchange what {@link PeopleReply.MfaRequired} told and a one-time password, or a recovery code,
   * for an access token.
   */
  @Wire("people.log-in.otp")
  record LogInWithOtp(String mfaToken, String otp, String client)
      implements PeopleRequest, Request<PeopleReply.LogInReply> {
    @Override
    public String toString() {
      return "LogInWithOtp[" + client + "]";
    }
  }

  /**
   * Exchange a refresh token for an access token, which replaces the one before, and for the next
   * refresh token. Not safe to send twice: a refresh token that was used before revokes what
   * followed from it.
   *
   * @param client who shows it, and showed its own secret
   */
  @Wire("people.token.refresh")
  record Refresh(String refreshToken, String client, String clientAddress)
      implements PeopleRequest, Request<PeopleReply.LogInReply> {
    @Override
    public String toString() {
      return "Refresh[" + client + "]";
    }
  }

  /**
   * Tell the tokens of a person by their last characters.
   *
   * @param otp empty if there is none
   */
  @Wire("people.token.list")
  record ListTokens(String email, String password, String otp, String clientAddress)
      implements PeopleRequest, Request<PeopleReply.ListTokensReply> {
    @Override
    public String toString() {
      return "ListTokens[" + email + "]";
    }
  }

  /** Begin with one-time passwords: make a secret, which counts once it was confirmed. */
  @Wire("people.mfa.start")
  record StartMfa(AccountId account) implements PeopleRequest, Request<PeopleReply.StartMfaReply> {}

  /** Confirm the secret that was made, by a one-time password of it. */
  @Wire("people.mfa.enrol")
  record EnrolMfa(AccountId account, String mfaToken, String otp, boolean invalidateTokens)
      implements PeopleRequest, Request<PeopleReply.EnrolMfaReply> {
    @Override
    public String toString() {
      return "EnrolMfa[" + account + "]";
    }
  }

  /** End with one-time passwords. */
  @Wire("people.mfa.disable")
  record DisableMfa(AccountId account, String password, String clientAddress)
      implements PeopleRequest, Request<PeopleReply.ChangeReply> {
    @Override
    public String toString() {
      return "DisableMfa[" + account + "]";
    }
  }

  /**
   * Make an OAuth client of an account, or of a product of it.
   *
   * @param product 0 if it is of none
   * @param redirectUri where the answer of a {@code web} client's user goes; null for others
   * @param onlyCustomers whether it only makes customers of its product and lets them in
   */
  @Wire("people.client.create")
  record CreateClient(
      AccountId account,
      int product,
      String name,
      String type,
      @Nullable String redirectUri,
      boolean onlyCustomers)
      implements PeopleRequest, Request<PeopleReply.CreateClientReply> {
    /** For all that a client may do. */
    public CreateClient(
        AccountId account, int product, String name, String type, @Nullable String redirectUri) {
      this(account, product, name, type, redirectUri, false);
    }
  }

  /** Rename an OAuth client. */
  @Wire("people.client.edit")
  record EditClient(AccountId account, int product, String client, String name)
      implements PeopleRequest, Request<PeopleReply.ClientReply> {}

  /** Delete an OAuth client, and revoke the tokens that were made for it. */
  @Wire("people.client.delete")
  record DeleteClient(AccountId account, int product, String client)
      implements PeopleRequest, Request<PeopleReply.ClientReply> {}

  /**
   * Make a token that acts for the product of a client, whose secret was shown.
   *
   * @param lifetimeSeconds 0 for a token that never expires
   */
  @Wire("people.client.token")
  record IssueClientToken(String client, long lifetimeSeconds)
      implements PeopleRequest, Request<PeopleReply.LogInReply> {}
}
