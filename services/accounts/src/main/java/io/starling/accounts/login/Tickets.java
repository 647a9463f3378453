package io.starling.accounts.login;

import io.starling.contract.AccountId;
import io.starling.directory.Secrets;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/**
 * Proofs that a person has signed in, by whatever way: each good once, for five minutes, in place
 * of a password and a one-time password. Whoever issues one has asked for both, or for something
 * that is worth both. Kept as a hash; ends with the account, and with its other tokens.
 */
public final class Tickets {
  private final TicketStore store = new TicketStore();

  /** Makes one for who signed in; fails if there is no such person. */
  public Future<String> issue(SqlConnection connection, AccountId account) {
    String ticket = Secrets.newToken();
    return store
        .insert(connection, Secrets.hash(ticket), account)
        .compose(
            added ->
                added
                    ? Future.succeededFuture(ticket)
                    : Future.failedFuture("there is no person " + account));
  }

  /**
   * Uses one up, in the transaction of what it is used for; empty if it is unknown, used, or too
   * old. Of two who show it at once, one is empty.
   */
  public Future<Optional<AccountId>> use(SqlConnection connection, String ticket) {
    return store.take(connection, Secrets.hash(ticket));
  }

  /** Removes up to a thousand that nobody came back with. */
  public Future<Void> deleteOld(SqlConnection connection) {
    return store.deleteOld(connection);
  }
}
