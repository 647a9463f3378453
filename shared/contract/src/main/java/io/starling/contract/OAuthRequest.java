package io.starling.contract;

import java.util.List;

/**
 * What the accounts service answers about tokens that people grant to programs (RFC 6749, section
 * 4.1, and RFC 8628), at {@code accounts.oauth}. All of these need the database and answer {@link
 * OAuthReply.DatabaseDown} within a second without it. Whoever asks for a client has seen to it
 * that it is that client.
 */
public sealed interface OAuthRequest extends BusMessage, Addressed {
  /** Where these are answered. */
  String ADDRESS = "accounts.oauth";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * By what a person shows who it is.
   *
   * @param otp a one-time password; empty if there is none
   * @param clientAddress where it is typed, for the limit on guessing
   * @param ticket that the person signed in by another way, good once; empty if there is none. With
   *     one, the address and the passwords are not looked at
   */
  record SignIn(String email, String password, String otp, String clientAddress, String ticket) {
    /** Nodes that know of no tickets send none. */
    public SignIn {
      ticket = ticket == null ? "" : ticket;
    }

    @Override
    public String toString() {
      return "SignIn[" + email + "]";
    }
  }

  /**
   * Make a code by which a client gets a token for this person.
   *
   * @param redirectUri where the code goes; shown again when it comes back
   * @param challenge SHA-256 of what the client shows then, in base64url (RFC 7636, S256)
   * @param scopes what the token is to be for; none for all that the person may
   */
  @Wire("oauth.code.grant")
  record GrantCode(
      SignIn who, String client, String redirectUri, String challenge, List<String> scopes)
      implements OAuthRequest, Request<OAuthReply.GrantCodeReply> {}

  /**
   * Exchange a code for tokens. Not safe to send twice: a code that was used before revokes what it
   * gave.
   */
  @Wire("oauth.code.exchange")
  record ExchangeCode(
      String code, String client, String redirectUri, String verifier, long lifetimeSeconds)
      implements OAuthRequest, Request<OAuthReply.ExchangeReply> {
    @Override
    public String toString() {
      return "ExchangeCode[" + client + "]";
    }
  }

  /** Begin the log-in of a device that has no browser. */
  @Wire("oauth.device.begin")
  record BeginDevice(String client, List<String> scopes)
      implements OAuthRequest, Request<OAuthReply.BeginDeviceReply> {}

  /** Tell whose log-in a person is asked to confirm. */
  @Wire("oauth.device.find")
  record FindDevice(String userCode, String clientAddress)
      implements OAuthRequest, Request<OAuthReply.FindDeviceReply> {
    @Override
    public String toString() {
      return "FindDevice[]";
    }
  }

  /** Confirm the log-in of a device, or refuse it. */
  @Wire("oauth.device.decide")
  record DecideDevice(SignIn who, String userCode, boolean allowed)
      implements OAuthRequest, Request<OAuthReply.DecideDeviceReply> {
    @Override
    public String toString() {
      return "DecideDevice[" + who + ", " + allowed + "]";
    }
  }

  /** Exchange a device code for tokens, once a person has confirmed it. */
  @Wire("oauth.device.exchange")
  record ExchangeDevice(String deviceCode, String client, long lifetimeSeconds)
      implements OAuthRequest, Request<OAuthReply.ExchangeReply> {
    @Override
    public String toString() {
      return "ExchangeDevice[" + client + "]";
    }
  }

  /**
   * Revoke a token of either kind if it is this client's; others are left and not told of (RFC
   * 7009).
   *
   * @param tokenHash the SHA-256 of it in hexadecimal digits
   */
  @Wire("oauth.token.revoke")
  record RevokeOwn(String tokenHash, String client)
      implements OAuthRequest, Request<OAuthReply.WriteReply> {}

  /**
   * Note that tokens were used at a time, to ten minutes. What is lost is lost.
   *
   * @param tokenHashes at most {@link #MOST_USES}
   */
  @Wire("oauth.token.used")
  record NoteUses(List<String> tokenHashes, long usedAtMillis)
      implements OAuthRequest, Request<OAuthReply.WriteReply> {}

  /** How many uses are told at a time. */
  int MOST_USES = 1_000;
}
