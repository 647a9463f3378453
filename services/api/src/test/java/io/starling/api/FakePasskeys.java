package io.starling.api;

import io.starling.contract.AccountsReply;
import io.starling.contract.BusMessage;
import io.starling.contract.JournalPosition;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.PasskeysReply;
import io.starling.contract.PasskeysReply.Told;
import io.starling.contract.PasskeysRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** The part of the accounts service that has passkeys; a credential with {@code good} is good. */
final class FakePasskeys {
  static final String OPTIONS = "{\"challenge\":\"YWJj\"}";

  private final FakeOAuth oauth;
  private final Map<String, Told> passkeys = new ConcurrentSkipListMap<>();

  FakePasskeys(FakeOAuth oauth) {
    this.oauth = oauth;
  }

  private static boolean isGood(String credential) {
    return credential.contains("good");
  }

  BusMessage answer(PasskeysRequest request) {
    return switch (request) {
      case PasskeysRequest.ListPasskeys _ ->
          new PasskeysReply.PasskeysFound(List.copyOf(passkeys.values()));
      case PasskeysRequest.BeginPasskey(_, var who) ->
          who.email().equals(Region.EMAIL) && who.password().equals(Region.PASSWORD)
              ? new PasskeysReply.PasskeyBegun(OPTIONS)
              : new SignInRefused(SignInRefused.Reason.CREDENTIALS, 0);
      case PasskeysRequest.AddPasskey(var account, var name, var credential) ->
          isGood(credential)
              ? kept(new Told(account.toString(), name, 1_000, null, true, false))
              : new PasskeysReply.PasskeyRefused();
      case PasskeysRequest.RenamePasskey(_, var id, var name) ->
          passkeys.containsKey(id)
              ? kept(new Told(id, name, 1_000, 2_000L, true, false))
              : new AccountsReply.NotFound();
      case PasskeysRequest.RemovePasskey(_, var id) ->
          passkeys.remove(id) == null
              ? new AccountsReply.NotFound()
              : new AccountsReply.Written(JournalPosition.START);
      case PasskeysRequest.BeginSignIn _ -> new PasskeysReply.PasskeyBegun(OPTIONS);
      case PasskeysRequest.SignInByPasskey(var credential) -> {
        if (!isGood(credential)) {
          yield new PasskeysReply.PasskeyRefused();
        }
        oauth.tickets.add("by-passkey");
        yield new PasskeysReply.PasskeySignedIn(Region.EMAIL, "by-passkey");
      }
    };
  }

  private PasskeysReply.PasskeyKept kept(Told passkey) {
    passkeys.put(passkey.id(), passkey);
    return new PasskeysReply.PasskeyKept(passkey);
  }
}
