package io.starling.contract;

import org.jspecify.annotations.Nullable;

/** What the accounts service answers about people and their tokens. */
public sealed interface PeopleReply extends BusMessage {

  /** Nothing can be written for now. Nothing was, or it cannot be told whether it was. */
  @Wire("people.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements SignUpReply, LogInReply, WriteReply, ChangeReply, LinkReply {}

  /** The answer to {@link PeopleRequest.SignUp}. */
  sealed interface SignUpReply extends PeopleReply {}

  /** The account was made. */
  @Wire("people.signed-up")
  record SignedUp(AccountId account, JournalPosition position) implements SignUpReply {}

  /** The account was not made; or the address or password not changed. */
  @Wire("people.sign-up-refused")
  record SignUpRefused(Reason reason) implements SignUpReply, ChangeReply, LinkReply {
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
   */
  @Wire("people.logged-in")
  record LoggedIn(
      AccountId account, String token, @Nullable Long expiresAtMillis, JournalPosition position)
      implements LogInReply {
    @Override
    public String toString() {
      return "LoggedIn[" + account + "]";
    }
  }

  /** Unknown address or wrong password: not told which. */
  @Wire("people.credentials-invalid")
  record CredentialsInvalid() implements LogInReply, ChangeReply {}

  /** Too many wrong passwords for this address or from there. */
  @Wire("people.too-many-attempts")
  record TooManyAttempts(int retryAfterSeconds) implements LogInReply, ChangeReply {}

  /** The answer to a plain write. */
  sealed interface WriteReply extends PeopleReply {}

  /** Done; also where there was nothing to do. */
  @Wire("people.written")
  record Written(JournalPosition position) implements WriteReply, ChangeReply, LinkReply {}

  /** The answer to what needs the person's password. */
  sealed interface ChangeReply extends PeopleReply {}

  /** Who owns products cannot be deleted. */
  @Wire("people.owns-products")
  record OwnsProducts() implements ChangeReply {}

  /** The answer to what needs a mailed link. */
  sealed interface LinkReply extends PeopleReply {}

  /** Unknown, used, or too old: not told which. */
  @Wire("people.link-invalid")
  record LinkInvalid() implements LinkReply {}
}
