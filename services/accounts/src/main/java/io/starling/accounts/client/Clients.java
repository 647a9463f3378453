package io.starling.accounts.client;

import io.starling.accounts.token.Grant;
import io.starling.accounts.token.Issued;
import io.starling.accounts.token.Tokens;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/** Making, renaming and deleting OAuth clients, and their tokens. */
public final class Clients {
  private static final int MAX_OF_AN_ACCOUNT = 100;
  private static final int TRIES = 5;

  private final ConfigurationWriter writer;
  private final Tokens tokens;
  private final ClientStore store = new ClientStore();

  /** The clients in the writer's database. */
  public Clients(ConfigurationWriter writer, Tokens tokens) {
    this.writer = writer;
    this.tokens = tokens;
  }

  private enum Made {
    YES,
    NOT_YOURS,
    TOO_MANY
  }

  /** Makes a client. */
  public Future<PeopleReply.CreateClientReply> create(PeopleRequest.CreateClient request) {
    return create(request, TRIES);
  }

  private Future<PeopleReply.CreateClientReply> create(
      PeopleRequest.CreateClient request, int tries) {
    String id = id(request.name());
    String secret = Secrets.newToken();
    return writer
        .write(connection -> insert(connection, id, Secrets.hash(secret), request))
        .compose(
            written ->
                switch (written.value()) {
                  case YES ->
                      Future.succeededFuture(
                          new PeopleReply.ClientCreated(id, secret, written.position()));
                  case NOT_YOURS -> Future.succeededFuture(new PeopleReply.ClientNotFound());
                  // Or the id was taken: then another will not be.
                  case TOO_MANY ->
                      tries > 1
                          ? create(request, tries - 1)
                          : Future.succeededFuture(new PeopleReply.TooManyClients());
                });
  }

  private Future<Made> insert(
      SqlConnection connection, String id, String secretHash, PeopleRequest.CreateClient request) {
    Future<Boolean> mine =
        request.product() == 0
            ? Future.succeededFuture(true)
            : store.ownsProduct(connection, request.account(), request.product());
    return mine.compose(
        owns ->
            owns
                ? store
                    .insert(connection, id, secretHash, request, MAX_OF_AN_ACCOUNT)
                    .map(done -> done ? Made.YES : Made.TOO_MANY)
                : Future.succeededFuture(Made.NOT_YOURS));
  }

  /** The name, as far as it fits into an id, and four digits. */
  private static String id(String name) {
    String words =
        name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    return (words.isEmpty() ? "client" : words)
        + "-"
        + ThreadLocalRandom.current().nextInt(1_000, 10_000);
  }

  /** Renames a client. */
  public Future<PeopleReply.ClientReply> edit(PeopleRequest.EditClient request) {
    return written(connection -> store.rename(connection, request));
  }

  /** Deletes a client. */
  public Future<PeopleReply.ClientReply> delete(PeopleRequest.DeleteClient request) {
    return written(
        connection ->
            store
                .delete(connection, request)
                .compose(
                    done ->
                        done
                            ? tokens.revokeOfClient(connection, request.client()).map(true)
                            : Future.succeededFuture(false)));
  }

  private Future<PeopleReply.ClientReply> written(Function<SqlConnection, Future<Boolean>> work) {
    return writer
        .write(work)
        .map(
            written ->
                written.value()
                    ? new PeopleReply.Written(written.position())
                    : new PeopleReply.ClientNotFound());
  }

  /** Makes a token that acts for a client's product. None follows it: the client has its secret. */
  public Future<PeopleReply.LogInReply> issue(PeopleRequest.IssueClientToken request) {
    return writer
        .write(
            connection ->
                store
                    .actsFor(connection, request.client())
                    .compose(
                        found ->
                            found
                                .map(known -> issue(connection, known, request))
                                .orElseGet(() -> Future.succeededFuture(Optional.empty()))))
        .map(
            written ->
                written
                    .value()
                    .<PeopleReply.LogInReply>map(issued -> issued.at(written.position()))
                    .orElseGet(PeopleReply.CredentialsInvalid::new));
  }

  private Future<Optional<Issued>> issue(
      SqlConnection connection, ClientStore.ActsFor known, PeopleRequest.IssueClientToken request) {
    var grant =
        new Grant(known.account(), known.product(), request.client(), request.lifetimeSeconds());
    return tokens.issue(connection, grant).map(Optional::of);
  }
}
