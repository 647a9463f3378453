package io.starling.contract;

import org.jspecify.annotations.Nullable;

/** What the accounts service answers. */
public sealed interface AccountsReply extends BusMessage {

  /**
   * Configuration cannot be written for now. Nothing was changed, or it cannot be told whether it
   * was.
   */
  @Wire("accounts.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements SignUpReply,
          LogInReply,
          WriteReply,
          ProductsReply.CreateProductReply,
          DevicesReply.CreateDevicesReply,
          ProductsReply.AddAuthorityReply,
          DevicesReply.RegisterDeviceReply,
          DevicesReply.AddDevicesReply,
          DevicesReply.ClaimReply,
          ProductsReply.GroupReply,
          ProductsReply.DeleteReply,
          DevicesReply.EditReply,
          DevicesReply.ClaimCodeReply {}

  /** The answer to {@link AccountsRequest.SignUp}. */
  sealed interface SignUpReply extends AccountsReply {}

  /** The account was made. */
  @Wire("accounts.signed-up")
  record SignedUp(AccountId account, JournalPosition position) implements SignUpReply {}

  /** The account was not made. */
  @Wire("accounts.sign-up-refused")
  record SignUpRefused(Reason reason) implements SignUpReply {
    /** Why. */
    public enum Reason {
      NOT_AN_EMAIL,
      IN_USE,
      PASSWORD_TOO_SHORT,
      PASSWORD_TOO_LONG
    }
  }

  /** The answer to {@link AccountsRequest.LogIn}. */
  sealed interface LogInReply extends AccountsReply {}

  /**
   * A new token.
   *
   * @param token 40 hexadecimal digits, told once
   * @param expiresAtMillis null if never
   */
  @Wire("accounts.logged-in")
  record LoggedIn(
      AccountId account, String token, @Nullable Long expiresAtMillis, JournalPosition position)
      implements LogInReply {
    @Override
    public String toString() {
      return "LoggedIn[" + account + "]";
    }
  }

  /** Unknown address or wrong password: not told which. */
  @Wire("accounts.credentials-invalid")
  record CredentialsInvalid() implements LogInReply {}

  /** Too many wrong passwords for this address or from there. */
  @Wire("accounts.too-many-attempts")
  record TooManyAttempts(int retryAfterSeconds) implements LogInReply {}

  /** The answer to a plain write. */
  sealed interface WriteReply extends AccountsReply {}

  /** Done; also where there was nothing to do. */
  @Wire("accounts.written")
  record Written(JournalPosition position) implements WriteReply {}

  /** There is no such thing, or it is not yours: not told which. */
  @Wire("accounts.not-found")
  record NotFound()
      implements WriteReply,
          DevicesReply.CreateDevicesReply,
          ProductsReply.AddAuthorityReply,
          DevicesReply.AddDevicesReply,
          ProductsReply.GroupReply,
          ProductsReply.DeleteReply,
          DevicesReply.EditReply {}
}
