package io.starling.accounts.grant;

import io.starling.accounts.token.Issued;
import io.starling.contract.JournalPosition;
import io.starling.contract.OAuthReply;
import java.util.List;

/** Tokens that were made, and what they are for. */
record Granted(Issued issued, List<String> scopes) {

  /** The answer that tells it, once it is known where it stands in the directory. */
  OAuthReply at(JournalPosition position) {
    return new OAuthReply.TokensGranted(
        issued.token(), issued.expiresAtMillis(), issued.refreshToken(), scopes, position);
  }
}
