package io.starling.accounts.customer;

import io.starling.accounts.token.Grant;
import io.starling.accounts.token.Issued;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.user.Credentials;
import io.starling.accounts.user.Links;
import io.starling.accounts.user.Users;
import io.starling.contract.AccountId;
import io.starling.contract.CustomersReply;
import io.starling.contract.CustomersRequest;
import io.starling.contract.JournalPosition;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleReply.SignUpRefused;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Making customers, letting them in, and changing them. */
public final class Customers {
  private static final int MAX_OF_A_PRODUCT = 1_000_000;

  /** Of those who have no password: no password has this hash. */
  private static final String NO_PASSWORD = "";

  private final PrimaryPool pool;
  private final ConfigurationWriter writer;
  private final Tokens tokens;
  private final Credentials credentials;
  private final Links links;
  private final CustomerStore store = new CustomerStore();

  /** The customers in one database. */
  public Customers(
      PrimaryPool pool,
      ConfigurationWriter writer,
      Tokens tokens,
      Credentials credentials,
      Links links) {
    this.pool = pool;
    this.writer = writer;
    this.tokens = tokens;
    this.credentials = credentials;
    this.links = links;
  }

  /** An answer, once it is known where it stands in the directory. */
  private interface Outcome<R> extends Function<JournalPosition, R> {}

  private static <R> Future<Outcome<R>> answer(R reply) {
    return Future.succeededFuture(_ -> reply);
  }

  private <R> Future<R> write(Function<SqlConnection, Future<Outcome<R>>> work) {
    return writer.write(work).map(written -> written.value().apply(written.position()));
  }

  /** Makes one, and a token of his. */
  public Future<CustomersReply.CreateReply> create(CustomersRequest.CreateCustomer request) {
    var refused =
        Users.refusedEmail(request.email())
            .or(() -> Optional.ofNullable(request.password()).flatMap(Users::refusedPassword));
    if (refused.isPresent()) {
      return Future.succeededFuture(new SignUpRefused(refused.get()));
    }
    return hash(request.password())
        .compose(hash -> write(connection -> create(connection, request, hash)));
  }

  private Future<String> hash(@Nullable String password) {
    return password == null ? Future.succeededFuture(NO_PASSWORD) : credentials.hash(password);
  }

  private Future<Outcome<CustomersReply.CreateReply>> create(
      SqlConnection connection, CustomersRequest.CreateCustomer request, String hash) {
    return store
        .product(connection, request.client())
        .compose(
            product ->
                product
                    .map(
                        id ->
                            store
                                .count(connection, id)
                                .compose(
                                    count ->
                                        count < MAX_OF_A_PRODUCT
                                            ? insert(connection, request, hash, id)
                                            : answer(new CustomersReply.TooManyCustomers())))
                    .orElseGet(() -> answer(new PeopleReply.ClientNotFound())));
  }

  private Future<Outcome<CustomersReply.CreateReply>> insert(
      SqlConnection connection, CustomersRequest.CreateCustomer request, String hash, int product) {
    var id = AccountId.create();
    return store
        .insert(connection, id, request.email(), hash, product)
        .compose(
            added ->
                added
                    ? issue(connection, id, product, request.client(), request.lifetimeSeconds())
                        .map(issued -> issued::at)
                    : answer(new SignUpRefused(SignUpRefused.Reason.IN_USE)));
  }

  private Future<Issued> issue(
      SqlConnection connection, AccountId customer, int product, String client, long lifetime) {
    return tokens.issueRefreshed(connection, new Grant(customer, product, client, lifetime));
  }

  /** Makes a token for a client that vouches. */
  public Future<PeopleReply.LogInReply> issue(CustomersRequest.IssueToken request) {
    return write(
        connection ->
            store
                .product(connection, request.client())
                .compose(
                    product ->
                        product
                            .map(
                                id ->
                                    let(
                                        connection,
                                        id,
                                        request.email(),
                                        request.client(),
                                        request.lifetimeSeconds()))
                            .orElseGet(() -> answer(new PeopleReply.CredentialsInvalid()))));
  }

  private Future<Outcome<PeopleReply.LogInReply>> let(
      SqlConnection connection, int product, String email, String client, long lifetime) {
    return store
        .lock(connection, product, email)
        .compose(
            customer ->
                customer
                    .map(
                        id ->
                            issue(connection, id, product, client, lifetime)
                                .<Outcome<PeopleReply.LogInReply>>map(issued -> issued::at))
                    .orElseGet(() -> answer(new PeopleReply.CredentialsInvalid())));
  }

  /** Exchanges a customer's password for a token. */
  public Future<PeopleReply.LogInReply> logIn(CustomersRequest.LogIn request) {
    return pool.withConnection(connection -> store.product(connection, request.client()))
        .compose(
            product ->
                credentials.check(
                    // Nobody's, where there is no such client: that takes as long.
                    product.orElse(0),
                    request.email(),
                    request.password(),
                    request.clientAddress()))
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right _ ->
                      issue(
                          new CustomersRequest.IssueToken(
                              request.client(), request.email(), request.lifetimeSeconds()));
                  case Credentials.Wrong _ ->
                      Future.succeededFuture(new PeopleReply.CredentialsInvalid());
                  case Credentials.Wait(int seconds) ->
                      Future.succeededFuture(new PeopleReply.TooManyAttempts(seconds));
                });
  }

  /** Sets a password, and revokes the customer's tokens. */
  public Future<CustomersReply.ChangeReply> setPassword(CustomersRequest.SetPassword request) {
    var refused = Users.refusedPassword(request.password());
    if (refused.isPresent()) {
      return Future.succeededFuture(new SignUpRefused(refused.get()));
    }
    return credentials
        .hash(request.password())
        .compose(
            hash ->
                change(
                    request.product(),
                    request.email(),
                    (connection, id) ->
                        store
                            .setHash(connection, id, hash)
                            .compose(_ -> tokens.revokeAll(connection, id))));
  }

  /** Deletes one. */
  public Future<CustomersReply.ChangeReply> delete(CustomersRequest.DeleteCustomer request) {
    return change(request.product(), request.email(), store::delete);
  }

  private Future<CustomersReply.ChangeReply> change(
      int product, String email, BiFunction<SqlConnection, AccountId, Future<Void>> work) {
    return write(
        connection ->
            store
                .lock(connection, product, email)
                .compose(
                    customer ->
                        customer
                            .map(
                                id ->
                                    work.apply(connection, id)
                                        .<Outcome<CustomersReply.ChangeReply>>map(
                                            _ -> PeopleReply.Written::new))
                            .orElseGet(() -> answer(new CustomersReply.CustomerNotFound()))));
  }

  /** Mails a link for a new password. */
  public Future<PeopleReply.WriteReply> forgot(CustomersRequest.ForgotPassword request) {
    return links.forgot(request.product(), request.email());
  }
}
