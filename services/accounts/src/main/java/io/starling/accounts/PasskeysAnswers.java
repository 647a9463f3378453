package io.starling.accounts;

import io.starling.accounts.passkey.Passkeys;
import io.starling.contract.BusMessage;
import io.starling.contract.PasskeysRequest;
import io.vertx.core.Future;

/** What is asked about passkeys, by who answers. */
record PasskeysAnswers(Passkeys passkeys) {

  Future<? extends BusMessage> answer(PasskeysRequest request) {
    return switch (request) {
      case PasskeysRequest.ListPasskeys list -> passkeys.list(list);
      case PasskeysRequest.BeginPasskey begin -> passkeys.begin(begin);
      case PasskeysRequest.AddPasskey add -> passkeys.add(add);
      case PasskeysRequest.RenamePasskey rename -> passkeys.rename(rename);
      case PasskeysRequest.RemovePasskey remove -> passkeys.remove(remove);
      case PasskeysRequest.BeginSignIn _ -> passkeys.beginSignIn();
      case PasskeysRequest.SignInByPasskey signIn -> passkeys.signIn(signIn);
    };
  }
}
