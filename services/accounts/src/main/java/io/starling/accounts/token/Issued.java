package io.starling.accounts.token;

import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.PeopleReply;
import org.jspecify.annotations.Nullable;

/**
 * A new access token.
 *
 * @param expiresAtMillis null if never
 * @param refreshToken by which another follows; null if none does
 */
public record Issued(
    AccountId account,
    String token,
    @Nullable Long expiresAtMillis,
    @Nullable String refreshToken) {

  /** The answer that tells it, once it is known where it stands in the directory. */
  public PeopleReply.LoggedIn at(JournalPosition position) {
    return new PeopleReply.LoggedIn(account, token, expiresAtMillis, refreshToken, position);
  }

  @Override
  public String toString() {
    return "Issued[" + account + "]";
  }
}
