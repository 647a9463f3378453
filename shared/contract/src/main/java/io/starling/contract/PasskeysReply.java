package io.starling.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the accounts service answers about passkeys, beside {@link AccountsReply.WriteReply}. */
public sealed interface PasskeysReply extends BusMessage {

  /** The answer to {@link PasskeysRequest.ListPasskeys}. */
  sealed interface ListReply extends PasskeysReply
      permits PasskeysFound, AccountsReply.DatabaseDown {}

  /** All of them, the oldest first. */
  @Wire("passkeys.found")
  record PasskeysFound(List<Told> passkeys) implements ListReply {}

  /** The answer to {@link PasskeysRequest.BeginPasskey}. */
  sealed interface BeginReply extends PasskeysReply
      permits PasskeyBegun,
          NotOffered,
          TooManyPasskeys,
          TooManyChallenges,
          OAuthReply.SignInRefused,
          AccountsReply.DatabaseDown {}

  /** The answer to {@link PasskeysRequest.BeginSignIn}. */
  sealed interface BeginSignInReply extends PasskeysReply
      permits PasskeyBegun, NotOffered, TooManyChallenges, AccountsReply.DatabaseDown {}

  /**
   * What the browser is to ask the authenticator.
   *
   * @param options a JSON object, good once, for five minutes
   */
  @Wire("passkeys.begun")
  record PasskeyBegun(String options) implements BeginReply, BeginSignInReply {
    @Override
    public String toString() {
      return "PasskeyBegun[]";
    }
  }

  /** The region has no name that passkeys could be made for, but only an address. */
  @Wire("passkeys.not-offered")
  record NotOffered() implements BeginReply, BeginSignInReply {}

  /** The account has as many as it may have. */
  @Wire("passkeys.too-many")
  record TooManyPasskeys() implements BeginReply, AddReply {}

  /** Too many answers of authenticators are waited for. */
  @Wire("passkeys.too-many-challenges")
  record TooManyChallenges() implements BeginReply, BeginSignInReply {}

  /** The answer to {@link PasskeysRequest.AddPasskey}. */
  sealed interface AddReply extends PasskeysReply
      permits PasskeyKept, PasskeyRefused, TooManyPasskeys, AccountsReply.DatabaseDown {}

  /** The answer to {@link PasskeysRequest.RenamePasskey}. */
  sealed interface RenameReply extends PasskeysReply
      permits PasskeyKept, AccountsReply.NotFound, AccountsReply.DatabaseDown {}

  /** It is kept. */
  @Wire("passkeys.kept")
  record PasskeyKept(Told passkey) implements AddReply, RenameReply {}

  /**
   * The credential answers to no challenge that is good now, is not known, or does not hold: not
   * told which.
   */
  @Wire("passkeys.refused")
  record PasskeyRefused() implements AddReply, SignInReply {}

  /** The answer to {@link PasskeysRequest.SignInByPasskey}. */
  sealed interface SignInReply extends PasskeysReply
      permits PasskeySignedIn, PasskeyRefused, AccountsReply.DatabaseDown {}

  /**
   * The person has signed in.
   *
   * @param ticket as {@link OAuthRequest.SignIn} takes it
   */
  @Wire("passkeys.signed-in")
  record PasskeySignedIn(String email, String ticket) implements SignInReply {
    @Override
    public String toString() {
      return "PasskeySignedIn[" + email + "]";
    }
  }

  /**
   * A passkey.
   *
   * @param lastUsedAtMillis null if it never was
   * @param synced whether it may be on more than one device of the person
   * @param backedUp whether it is
   */
  record Told(
      String id,
      String name,
      long createdAtMillis,
      @Nullable Long lastUsedAtMillis,
      boolean synced,
      boolean backedUp) {}
}
