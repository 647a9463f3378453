package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about tokens that people grant to programs. */
public sealed interface OAuthReply extends BusMessage {

  /** Nothing can be written for now. Nothing was, or it cannot be told whether it was. */
  @Wire("oauth.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements GrantCodeReply,
          ExchangeReply,
          BeginDeviceReply,
          FindDeviceReply,
          DecideDeviceReply,
          WriteReply {}

  /** The answer to {@link OAuthRequest.GrantCode}. */
  sealed interface GrantCodeReply extends OAuthReply {}

  /**
   * A code that is good once, for a minute.
   *
   * @param code 40 hexadecimal digits
   */
  @Wire("oauth.code-granted")
  record CodeGranted(String code) implements GrantCodeReply {
    @Override
    public String toString() {
      return "CodeGranted[]";
    }
  }

  /**
   * The person did not show who it is.
   *
   * @param retryAfterSeconds 0 if it may be tried at once
   */
  @Wire("oauth.sign-in-refused")
  record SignInRefused(Reason reason, int retryAfterSeconds)
      implements GrantCodeReply, DecideDeviceReply, PasskeysReply.BeginReply {
    /** Why. */
    public enum Reason {
      /** Unknown address or wrong password: not told which. */
      CREDENTIALS,
      /** The password is right; a one-time password is needed too. */
      OTP_NEEDED,
      /** The one-time password is wrong, or was used before. */
      OTP,
      /** Too many were wrong. */
      TOO_MANY,
      /** The ticket is unknown, used or too old, or its person is gone: not told which. */
      TICKET
    }
  }

  /** The answer to what exchanges a code. */
  sealed interface ExchangeReply extends OAuthReply {}

  /**
   * New tokens.
   *
   * @param token 40 hexadecimal digits, told once
   * @param expiresAtMillis null if never
   * @param refreshToken null if none follows
   * @param scopes what they are for; none for all that the person may
   */
  @Wire("oauth.tokens-granted")
  record TokensGranted(
      String token,
      @Nullable Long expiresAtMillis,
      @Nullable String refreshToken,
      List<String> scopes,
      JournalPosition position)
      implements ExchangeReply {
    @Override
    public String toString() {
      return "TokensGranted" + scopes;
    }
  }

  /** The code is unknown, used, too old, or another's: not told which. */
  @Wire("oauth.code-invalid")
  record CodeInvalid() implements ExchangeReply, FindDeviceReply, DecideDeviceReply {}

  /**
   * No tokens for now, or not ever.
   *
   * @param why as RFC 8628, section 3.5, has it
   */
  @Wire("oauth.device-waits")
  record DeviceWaits(Why why) implements ExchangeReply {
    /** Why. */
    public enum Why {
      AUTHORIZATION_PENDING,
      /** As before, and five seconds more between questions from now on. */
      SLOW_DOWN,
      ACCESS_DENIED,
      EXPIRED_TOKEN
    }
  }

  /** The answer to {@link OAuthRequest.BeginDevice}. */
  sealed interface BeginDeviceReply extends OAuthReply {}

  /**
   * What a device asks with, and what it shows to its person.
   *
   * @param deviceCode 40 hexadecimal digits
   * @param userCode such as {@code BCDF-GHJK}
   * @param lifetimeSeconds of both
   * @param intervalSeconds between its questions
   */
  @Wire("oauth.device-begun")
  record DeviceBegun(String deviceCode, String userCode, int lifetimeSeconds, int intervalSeconds)
      implements BeginDeviceReply {
    @Override
    public String toString() {
      return "DeviceBegun[]";
    }
  }

  /** Too many devices wait for their people. */
  @Wire("oauth.too-many-devices")
  record TooManyDevices() implements BeginDeviceReply {}

  /** The answer to {@link OAuthRequest.FindDevice}. */
  sealed interface FindDeviceReply extends OAuthReply {}

  /**
   * What waits for a person.
   *
   * @param scopes what the token is to be for; none for all that the person may
   */
  @Wire("oauth.device-found")
  record DeviceFound(String client, List<String> scopes) implements FindDeviceReply {}

  /** Too many wrong codes from there. */
  @Wire("oauth.too-many-guesses")
  record TooManyGuesses(int retryAfterSeconds) implements FindDeviceReply, DecideDeviceReply {}

  /** The answer to {@link OAuthRequest.DecideDevice}. */
  sealed interface DecideDeviceReply extends OAuthReply {}

  /** It is as the person said. */
  @Wire("oauth.device-decided")
  record DeviceDecided() implements DecideDeviceReply {}

  /** The answer to a plain write. */
  sealed interface WriteReply extends OAuthReply {}

  /** Done; also where there was nothing to do. */
  @Wire("oauth.written")
  record Written(JournalPosition position) implements WriteReply {}
}
