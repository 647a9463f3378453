package io.starling.accounts.provider;

import io.starling.accounts.user.People;
import io.starling.contract.OidcReply;
import io.starling.contract.OidcRequest;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;

/** Whom accounts are at providers: told, and forgotten. */
public final class Identities {
  private final PrimaryPool pool;
  private final Deeds deeds;
  private final People people = new People();
  private final IdentityStore store = new IdentityStore();

  /** In this database, changed by somebody. */
  public Identities(PrimaryPool pool, Deeds deeds) {
    this.pool = pool;
    this.deeds = deeds;
  }

  /** Tells them. */
  public Future<OidcReply.IdentitiesReply> list(OidcRequest.ListIdentities request) {
    return pool.withPromptTransaction(
        connection -> store.list(connection, request.account()).map(OidcReply.Identities::new));
  }

  /** Forgets one, unless there would be no way into the account any more. */
  public Future<OidcReply.RemoveReply> remove(OidcRequest.RemoveIdentity request) {
    return pool.withPromptTransaction(
        connection ->
            people
                .lock(connection, request.account())
                .compose(
                    person ->
                        store
                            .list(connection, request.account())
                            .compose(
                                all -> {
                                  if (all.stream()
                                      .noneMatch(it -> it.id().equals(request.identity()))) {
                                    return Future.succeededFuture(new OidcReply.UnknownIdentity());
                                  }
                                  boolean password =
                                      person.map(People.Person::hasPassword).orElse(false);
                                  return password || all.size() > 1
                                      ? remove(connection, request)
                                      : Future.succeededFuture(new OidcReply.LastWayIn());
                                })));
  }

  private Future<OidcReply.RemoveReply> remove(
      SqlConnection connection, OidcRequest.RemoveIdentity request) {
    return store
        .delete(connection, request.account(), request.identity())
        .compose(_ -> deeds.after(connection, new OidcReply.Removed()));
  }
}
