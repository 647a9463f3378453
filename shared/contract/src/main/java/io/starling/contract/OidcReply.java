package io.starling.contract;

import io.starling.contract.OAuthReply.SignInRefused;
import java.util.List;

/** What the accounts service answers about people who sign in through a provider. */
public sealed interface OidcReply extends BusMessage {

  /** Nothing can be looked up or written for now. */
  @Wire("oidc.database-down")
  record DatabaseDown(int retryAfterSeconds)
      implements BeginReply, FinishReply, ConfirmReply, IdentitiesReply, RemoveReply {}

  /** A provider, as people are told of it. */
  record Named(String id, String name) {}

  /** The providers, in the order of the settings. */
  @Wire("oidc.providers")
  record Providers(List<Named> providers) implements OidcReply {}

  /** The answer to {@link OidcRequest.Begin}. */
  sealed interface BeginReply extends OidcReply {}

  /**
   * It is begun.
   *
   * @param url where the browser is to go
   * @param browser what only this browser may know, for ten minutes: 64 hexadecimal digits
   * @param secure whether people reach this service by https alone
   */
  @Wire("oidc.begun")
  record Begun(String url, String browser, boolean secure) implements BeginReply {
    @Override
    public String toString() {
      return "Begun[]";
    }
  }

  /**
   * Nobody signed in.
   *
   * @param provider its name; empty if it is not known
   * @param origin where it may be begun again, if that is known
   */
  @Wire("oidc.refused")
  record Refused(Reason reason, String provider, OidcRequest.Origin origin)
      implements BeginReply, FinishReply, ConfirmReply {
    /** Why. */
    public enum Reason {
      /** There is no such provider, or not any more. */
      UNKNOWN_PROVIDER,
      /** Too many are under way. */
      TOO_MANY,
      /** It was not begun by this browser, is finished, or too long ago: not told which. */
      NOT_BEGUN,
      /** The person or the provider did not want to. */
      DENIED,
      /** The provider does not answer in time. */
      UNREACHABLE,
      /** What the provider says cannot be believed, or makes no sense. */
      NOT_BELIEVED,
      /** The provider tells no address, or did not make sure that it is the person's. */
      NO_ADDRESS
    }
  }

  /** The answer to {@link OidcRequest.Finish}. */
  sealed interface FinishReply extends OidcReply {}

  /**
   * Somebody signed in.
   *
   * @param ticket for {@link OAuthRequest.SignIn}
   */
  @Wire("oidc.signed-in")
  record SignedIn(String ticket, String email, OidcRequest.Origin origin)
      implements FinishReply, ConfirmReply {
    @Override
    public String toString() {
      return "SignedIn[" + email + "]";
    }
  }

  /**
   * The provider's word is not enough.
   *
   * @param proof comes back with {@link OidcRequest.Confirm}; good for ten minutes
   * @param provider its name
   * @param email of the account
   * @param password whether the account's password is needed: the provider is not linked with it
   *     yet
   * @param otp whether a one-time password is needed
   */
  @Wire("oidc.proof-needed")
  record ProofNeeded(String proof, String provider, String email, boolean password, boolean otp)
      implements FinishReply {
    @Override
    public String toString() {
      return "ProofNeeded[" + email + "]";
    }
  }

  /** The answer to {@link OidcRequest.Confirm}. */
  sealed interface ConfirmReply extends OidcReply {}

  /**
   * What was shown is wrong; the proof is still good.
   *
   * @param retryAfterSeconds 0 if it may be tried at once
   */
  @Wire("oidc.proof-refused")
  record ProofRefused(SignInRefused.Reason reason, int retryAfterSeconds, ProofNeeded needed)
      implements ConfirmReply {}

  /**
   * Whom an account is at a provider.
   *
   * @param provider its id in the settings when it was linked
   * @param email the address that the provider told then
   */
  record Identity(String id, String provider, String issuer, String email, long linkedAtMillis) {}

  /** The answer to {@link OidcRequest.ListIdentities}. */
  sealed interface IdentitiesReply extends OidcReply {}

  /** All of them, oldest first. */
  @Wire("oidc.identities")
  record Identities(List<Identity> identities) implements IdentitiesReply {}

  /** The answer to {@link OidcRequest.RemoveIdentity}. */
  sealed interface RemoveReply extends OidcReply {}

  /** It is forgotten. */
  @Wire("oidc.identity.removed")
  record Removed() implements RemoveReply {}

  /** The account has no such identity. */
  @Wire("oidc.identity.unknown")
  record UnknownIdentity() implements RemoveReply {}

  /** It is the only way into the account: there is no password. */
  @Wire("oidc.identity.last")
  record LastWayIn() implements RemoveReply {}
}
