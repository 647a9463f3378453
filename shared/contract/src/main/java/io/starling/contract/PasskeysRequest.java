package io.starling.contract;

/**
 * What the accounts service answers about passkeys (WebAuthn), at {@code accounts.passkeys}. All of
 * it needs the database and is answered with {@link AccountsReply.DatabaseDown} within a second
 * without it. Options and credentials are passed on as browsers have them: WebAuthn, section 5.1,
 * as JSON.
 */
public sealed interface PasskeysRequest extends BusMessage, Addressed {
  /** Where it is served. */
  String ADDRESS = "accounts.passkeys";

  /** How many an account may have. */
  int MOST = 20;

  /** The longest name of one. */
  int MAX_NAME = 64;

  /** The longest credential, in characters. */
  int MAX_CREDENTIAL = 16 * 1024;

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Tell an account's, the oldest first. */
  @Wire("passkeys.list")
  record ListPasskeys(AccountId account)
      implements PasskeysRequest, Request<PasskeysReply.ListReply> {}

  /**
   * Begin to add one.
   *
   * @param who by what the person shows again who it is
   */
  @Wire("passkeys.begin")
  record BeginPasskey(AccountId account, OAuthRequest.SignIn who)
      implements PasskeysRequest, Request<PasskeysReply.BeginReply> {
    @Override
    public String toString() {
      return "BeginPasskey[" + account + "]";
    }
  }

  /** Add one, which answers to options that were told for this account. */
  @Wire("passkeys.add")
  record AddPasskey(AccountId account, String name, String credential)
      implements PasskeysRequest, Request<PasskeysReply.AddReply> {
    @Override
    public String toString() {
      return "AddPasskey[" + account + "]";
    }
  }

  /** Call one otherwise. */
  @Wire("passkeys.rename")
  record RenamePasskey(AccountId account, String id, String name)
      implements PasskeysRequest, Request<PasskeysReply.RenameReply> {}

  /** Forget one. */
  @Wire("passkeys.remove")
  record RemovePasskey(AccountId account, String id)
      implements PasskeysRequest, Request<AccountsReply.WriteReply> {}

  /** Begin to sign somebody in, of whom nothing is known yet. */
  @Wire("passkeys.sign-in.begin")
  record BeginSignIn() implements PasskeysRequest, Request<PasskeysReply.BeginSignInReply> {}

  /** Sign in who has a passkey. Not safe to send twice: the second time, nobody is signed in. */
  @Wire("passkeys.sign-in")
  record SignInByPasskey(String credential)
      implements PasskeysRequest, Request<PasskeysReply.SignInReply> {
    @Override
    public String toString() {
      return "SignInByPasskey[]";
    }
  }
}
