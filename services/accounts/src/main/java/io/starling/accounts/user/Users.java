package io.starling.accounts.user;

import io.starling.accounts.token.Tokens;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleReply.SignUpRefused.Reason;
import io.starling.contract.PeopleRequest;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;

/** Making, changing and deleting people. */
public final class Users {
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,190}");

  private final ConfigurationWriter writer;
  private final Tokens tokens;
  private final Credentials credentials;
  private final Links links;
  private final UserStore store = new UserStore();

  /** The people in the writer's database. */
  public Users(ConfigurationWriter writer, Tokens tokens, Credentials credentials, Links links) {
    this.writer = writer;
    this.tokens = tokens;
    this.credentials = credentials;
    this.links = links;
  }

  /** Makes an account. */
  public Future<PeopleReply.SignUpReply> signUp(PeopleRequest.SignUp request) {
    var refused = refusedEmail(request.email()).or(() -> refusedPassword(request.password()));
    if (refused.isPresent()) {
      return Future.succeededFuture(new PeopleReply.SignUpRefused(refused.get()));
    }
    var id = AccountId.create();
    var info = new JsonObject(request.info());
    return credentials
        .hash(request.password())
        .compose(
            hash ->
                writer.write(
                    connection -> store.insert(connection, id, request.email(), hash, info)))
        .map(
            written ->
                written.value()
                    ? new PeopleReply.SignedUp(id, written.position())
                    : new PeopleReply.SignUpRefused(Reason.IN_USE));
  }

  /** Why an address cannot be taken. */
  public static Optional<Reason> refusedEmail(String email) {
    return EMAIL.matcher(email).matches() ? Optional.empty() : Optional.of(Reason.NOT_AN_EMAIL);
  }

  /** Why a password cannot be taken. */
  public static Optional<Reason> refusedPassword(String password) {
    if (password.length() < Credentials.MIN_PASSWORD) {
      return Optional.of(Reason.PASSWORD_TOO_SHORT);
    }
    return password.length() > Credentials.MAX_PASSWORD
        ? Optional.of(Reason.PASSWORD_TOO_LONG)
        : Optional.empty();
  }

  /** Replaces what a person tells of himself. */
  public Future<PeopleReply> describe(PeopleRequest.DescribeUser request) {
    var info = new JsonObject(request.info());
    return writer
        .write(connection -> store.describe(connection, request.account(), info))
        .map(written -> new PeopleReply.Written(written.position()));
  }

  /** Changes the password, or sends a link to a new address. */
  public Future<PeopleReply.ChangeReply> change(PeopleRequest.ChangeCredentials request) {
    var refused =
        Optional.ofNullable(request.email())
            .flatMap(Users::refusedEmail)
            .or(() -> Optional.ofNullable(request.newPassword()).flatMap(Users::refusedPassword));
    if (refused.isPresent()) {
      return Future.succeededFuture(new PeopleReply.SignUpRefused(refused.get()));
    }
    return credentials
        .check(request.account(), request.password(), request.clientAddress())
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right _ -> changeNow(request);
                  case Credentials.Check wrong -> Future.succeededFuture(refused(wrong));
                });
  }

  private Future<PeopleReply.ChangeReply> changeNow(PeopleRequest.ChangeCredentials request) {
    var account = request.account();
    String email = request.email();
    String password = request.newPassword();
    Future<Void> mailed =
        email == null ? Future.succeededFuture() : links.sendForAddress(account, email);
    Future<Optional<String>> hashed =
        password == null
            ? Future.succeededFuture(Optional.empty())
            : credentials.hash(password).map(Optional::of);
    return mailed
        .compose(_ -> hashed)
        .compose(
            hash ->
                writer.write(
                    connection ->
                        hash.map(
                                some ->
                                    store
                                        .setHash(connection, account, some)
                                        .compose(_ -> tokens.endRefreshing(connection, account)))
                            .orElseGet(Future::succeededFuture)
                            .compose(
                                _ ->
                                    request.invalidateTokens()
                                        ? tokens.revokeAll(connection, account)
                                        : Future.succeededFuture())))
        .map(written -> new PeopleReply.Written(written.position()));
  }

  /** Deletes a person. */
  public Future<PeopleReply.ChangeReply> delete(PeopleRequest.DeleteUser request) {
    return credentials
        .check(request.account(), request.password(), request.clientAddress())
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right(var account) ->
                      writer
                          .write(connection -> store.delete(connection, account))
                          .map(
                              written ->
                                  written.value()
                                      ? new PeopleReply.Written(written.position())
                                      : new PeopleReply.OwnsProducts());
                  case Credentials.Check wrong -> Future.succeededFuture(refused(wrong));
                });
  }

  private static PeopleReply.ChangeReply refused(Credentials.Check check) {
    return check instanceof Credentials.Wait(int seconds)
        ? new PeopleReply.TooManyAttempts(seconds)
        : new PeopleReply.CredentialsInvalid();
  }
}
