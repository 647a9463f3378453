package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about people and their tokens. */
public sealed interface PeopleReply extends BusMessage {

  /** Nothing can be written for now. Nothing was, or it cannot be told whether it was. */
  @Wire("people.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements SignUpReply,
          LogInReply,
          WriteReply,
          ChangeReply,
          LinkReply,
          ListTokensReply,
          StartMfaReply,
          EnrolMfaReply,
          CreateClientReply,
          ClientReply,
          CustomersReply.CreateReply,
          CustomersReply.ChangeReply {}

  /** The answer to {@link PeopleRequest.SignUp}. */
  sealed interface SignUpReply extends PeopleReply {}

  /** The account was made. */
  @Wire("people.signed-up")
  record SignedUp(AccountId account, JournalPosition position) implements SignUpReply {}

  /** The account was not made; or the address or password not changed. */
  @Wire("people.sign-up-refused")
  record SignUpRefused(Reason reason)
      implements SignUpReply,
          ChangeReply,
          LinkReply,
          CustomersReply.CreateReply,
          CustomersReply.ChangeReply {
    /** Why. */
    public enum Reason {
      NOT_AN_EMAIL,
      IN_USE,
      PASSWORD_TOO_SHORT,
      PASSWORD_TOO_LONG
    }
  }

  /** The answer to {@link PeopleRequest.LogIn}. */
  sealed interface LogInReply extends PeopleReply {}

  /**
   * A new token.
   *
   * @param token 40 hexadecimal digits, told once
   * @param expiresAtMillis null if never
   * @param refreshToken 40 hexadecimal digits, by which one other token follows; null if none does
   */
  @Wire("people.logged-in")
  record LoggedIn(
      AccountId account,
      String token,
      @Nullable Long expiresAtMillis,
      @Nullable String refreshToken,
      JournalPosition position)
      implements LogInReply, CustomersReply.CreateReply {
    @Override
    public String toString() {
      return "LoggedIn[" + account + "]";
    }
  }

  /** Unknown address or wrong password: not told which. */
  @Wire("people.credentials-invalid")
  record CredentialsInvalid() implements LogInReply, ChangeReply, ListTokensReply {}

  /** Too many wrong passwords for this address or from there. */
  @Wire("people.too-many-attempts")
  record TooManyAttempts(int retryAfterSeconds)
      implements LogInReply, ChangeReply, ListTokensReply {}

  /** The answer to a plain write. */
  sealed interface WriteReply extends PeopleReply {}

  /** Done; also where there was nothing to do. */
  @Wire("people.written")
  record Written(JournalPosition position)
      implements WriteReply, ChangeReply, LinkReply, ClientReply, CustomersReply.ChangeReply {}

  /** The answer to what needs the person's password. */
  sealed interface ChangeReply extends PeopleReply {}

  /** Who owns products, or alone an organization, cannot be deleted. */
  @Wire("people.owns-products")
  record OwnsProducts() implements ChangeReply {}

  /** The answer to what needs a mailed link. */
  sealed interface LinkReply extends PeopleReply {}

  /** Unknown, used, or too old: not told which. */
  @Wire("people.link-invalid")
  record LinkInvalid() implements LinkReply {}

  /**
   * The password was right; a one-time password is needed too.
   *
   * @param mfaToken good for ten minutes
   */
  @Wire("people.mfa-required")
  record MfaRequired(String mfaToken) implements LogInReply {
    @Override
    public String toString() {
      return "MfaRequired[]";
    }
  }

  /** The one-time password is wrong, or was used before. */
  @Wire("people.otp-invalid")
  record OtpInvalid() implements LogInReply, EnrolMfaReply, ListTokensReply {}

  /** What was told before the one-time password is unknown, used, or too old. */
  @Wire("people.mfa-token-invalid")
  record MfaTokenInvalid() implements LogInReply, EnrolMfaReply {}

  /** The answer to {@link PeopleRequest.ListTokens}. */
  sealed interface ListTokensReply extends PeopleReply {}

  /** These, the newest first, at most a thousand. */
  @Wire("people.tokens-found")
  record TokensFound(List<TokenLine> tokens) implements ListTokensReply {}

  /**
   * A token.
   *
   * @param tail its last characters
   * @param expiresAtMillis null if never
   * @param createdAtMillis null from older nodes
   * @param lastUsedAtMillis to ten minutes; null if it was not used since this is kept
   */
  record TokenLine(
      String tail,
      String client,
      @Nullable Long expiresAtMillis,
      @Nullable Long createdAtMillis,
      @Nullable Long lastUsedAtMillis) {}

  /** The answer to {@link PeopleRequest.StartMfa}. */
  sealed interface StartMfaReply extends PeopleReply {}

  /**
   * A secret that was made, told once.
   *
   * @param secret in base 32, as people type it
   * @param uri the same for authenticators
   */
  @Wire("people.mfa-started")
  record MfaStarted(String mfaToken, String secret, String uri) implements StartMfaReply {
    @Override
    public String toString() {
      return "MfaStarted[]";
    }
  }

  /** The person has one-time passwords already. */
  @Wire("people.mfa-is-on")
  record MfaIsOn() implements StartMfaReply {}

  /** The answer to {@link PeopleRequest.EnrolMfa}. */
  sealed interface EnrolMfaReply extends PeopleReply {}

  /**
   * One-time passwords are needed from now on.
   *
   * @param recoveryCodes each good once instead of one, told once
   */
  @Wire("people.mfa-enrolled")
  record MfaEnrolled(List<String> recoveryCodes, JournalPosition position)
      implements EnrolMfaReply {
    @Override
    public String toString() {
      return "MfaEnrolled[]";
    }
  }

  /** The answer to {@link PeopleRequest.CreateClient}. */
  sealed interface CreateClientReply extends PeopleReply {}

  /**
   * The client was made.
   *
   * @param secret told once
   */
  @Wire("people.client-created")
  record ClientCreated(String id, String secret, JournalPosition position)
      implements CreateClientReply {
    @Override
    public String toString() {
      return "ClientCreated[" + id + "]";
    }
  }

  /** There are as many as there may be. */
  @Wire("people.too-many-clients")
  record TooManyClients() implements CreateClientReply {}

  /** The answer to what changes a client. */
  sealed interface ClientReply extends PeopleReply {}

  /** There is no such client or product, or it is not yours: not told which. */
  @Wire("people.client-not-found")
  record ClientNotFound() implements CreateClientReply, ClientReply, CustomersReply.CreateReply {}
}
