package io.starling.accounts.secret;

import io.starling.accounts.seal.Seal;
import io.starling.contract.AccountsReply;
import io.starling.contract.JournalPosition;
import io.starling.contract.SecretsReply;
import io.starling.contract.SecretsRequest;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** The secrets of accounts. */
public final class AccountSecrets {
  private final PrimaryPool database;
  private final SecretStore store;
  private final Deeds deeds;

  /** Secrets in this database, changed by somebody. */
  public AccountSecrets(PrimaryPool database, Seal seal, Deeds deeds) {
    this.database = database;
    this.deeds = deeds;
    this.store = new SecretStore(seal);
  }

  /** Keeps one. */
  public Future<SecretsReply.PutReply> put(SecretsRequest.PutSecret request) {
    return database.withPromptTransaction(
        connection ->
            store
                .countOthers(connection, request.account(), request.name())
                .compose(
                    others ->
                        others >= SecretsRequest.MOST
                            ? Future.succeededFuture(new SecretsReply.TooManySecrets())
                            : store
                                .put(connection, request)
                                .map(
                                    told ->
                                        told.<SecretsReply.PutReply>map(
                                                SecretsReply.SecretKept::new)
                                            .orElseGet(SecretsReply.SecretExists::new)))
                .compose(
                    reply ->
                        reply instanceof SecretsReply.SecretKept
                            ? deeds.after(connection, reply)
                            : Future.succeededFuture(reply)));
  }

  /** Forgets one. */
  public Future<AccountsReply.WriteReply> delete(SecretsRequest.DeleteSecret request) {
    return database.withPromptTransaction(
        connection ->
            store
                .delete(connection, request.account(), request.name())
                .compose(
                    done ->
                        done
                            ? deeds.after(
                                connection, new AccountsReply.Written(JournalPosition.START))
                            : Future.succeededFuture(new AccountsReply.NotFound())));
  }

  /** Lists them. */
  public Future<SecretsReply.ListReply> list(SecretsRequest.ListSecrets request) {
    return database.withPromptTransaction(
        connection ->
            store.list(connection, request.account()).map(SecretsReply.SecretsFound::new));
  }

  /** Tells their values. */
  public Future<SecretsReply.ReadReply> read(SecretsRequest.ReadSecrets request) {
    return database.withPromptTransaction(
        connection ->
            store
                .read(connection, request.account(), request.names())
                .map(SecretsReply.SecretValues::new));
  }

  /** Seals some anew that an older key sealed; completes with how many. */
  public Future<Integer> reseal(SqlConnection connection) {
    return store.reseal(connection);
  }
}
