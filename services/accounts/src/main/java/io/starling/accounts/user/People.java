package io.starling.accounts.user;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;

/** People, for rooms that look for them or make them in a transaction of their own. */
public final class People {
  /** That of people who have none; nothing typed is ever right then. */
  static final String NO_PASSWORD = "";

  private final UserStore store = new UserStore();

  /** Somebody who may sign in. */
  public record Person(AccountId account, String email, boolean hasPassword) {}

  /** Looks for who has an address, however it is written. */
  public Future<Optional<Person>> find(SqlConnection connection, String email) {
    return store.find(connection, email).map(found -> found.map(People::person));
  }

  /** Looks for somebody, who is not changed until the transaction ends. */
  public Future<Optional<Person>> lock(SqlConnection connection, AccountId account) {
    return store.lock(connection, account).map(found -> found.map(People::person));
  }

  /** Makes an account without a password; empty if the address is taken or none. */
  public Future<Optional<AccountId>> add(SqlConnection connection, String email) {
    if (Users.refusedEmail(email).isPresent()) {
      return Future.succeededFuture(Optional.empty());
    }
    var id = AccountId.create();
    return store
        .insert(connection, id, email, NO_PASSWORD, new JsonObject())
        .map(added -> added ? Optional.of(id) : Optional.empty());
  }

  private static Person person(UserStore.User user) {
    return new Person(user.id(), user.email(), user.hasPassword());
  }
}
