package io.starling.accounts.login;

import io.starling.accounts.token.Grant;
import io.starling.accounts.token.Issued;
import io.starling.accounts.token.Tokens;
import io.starling.accounts.user.Credentials;
import io.starling.accounts.user.GuessLimit;
import io.starling.contract.AccountId;
import io.starling.contract.JournalPosition;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.function.Function;

/** Exchanges passwords for tokens. */
public final class LogIns {
  private final ConfigurationWriter writer;
  private final Tokens tokens;
  private final Credentials credentials;
  private final Mfa mfa;
  private final GuessLimit guesses;
  private final MfaStore pending;

  /**
   * For the people in the writer's database.
   *
   * @param guesses of clients that refresh tokens, of the whole process
   */
  public LogIns(
      ConfigurationWriter writer,
      Tokens tokens,
      Credentials credentials,
      Mfa mfa,
      GuessLimit guesses) {
    this.writer = writer;
    this.tokens = tokens;
    this.credentials = credentials;
    this.mfa = mfa;
    this.pending = mfa.store();
    this.guesses = guesses;
  }

  /** An answer, once it is known where it stands in the directory. */
  private interface Outcome<R> extends Function<JournalPosition, R> {}

  /** Exchanges a password for a token, or for the right to come back with a one-time password. */
  public Future<PeopleReply.LogInReply> logIn(PeopleRequest.LogIn request) {
    return credentials
        .check(request.email(), request.password(), request.clientAddress())
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right(var account) -> begin(account, request);
                  case Credentials.Wrong _ ->
                      Future.succeededFuture(new PeopleReply.CredentialsInvalid());
                  case Credentials.Wait(int seconds) ->
                      Future.succeededFuture(new PeopleReply.TooManyAttempts(seconds));
                });
  }

  private Future<PeopleReply.LogInReply> begin(AccountId account, PeopleRequest.LogIn request) {
    return write(
        connection ->
            pending
                .otp(connection, account)
                .compose(
                    otp ->
                        otp.isEmpty()
                            ? issue(
                                connection,
                                new Grant(
                                    account,
                                    Grant.ALL,
                                    request.client(),
                                    request.lifetimeSeconds(),
                                    request.scopes()))
                            : askBack(connection, account, request)));
  }

  private Future<Outcome<PeopleReply.LogInReply>> askBack(
      SqlConnection connection, AccountId account, PeopleRequest.LogIn request) {
    String token = Secrets.newToken();
    var comesBack =
        new MfaStore.Pending(
            account, request.client(), request.lifetimeSeconds(), null, request.scopes());
    return pending
        .addToken(connection, token, comesBack)
        .map(_ -> _ -> new PeopleReply.MfaRequired(token));
  }

  /** Exchanges a one-time password for a token. */
  public Future<PeopleReply.LogInReply> logIn(PeopleRequest.LogInWithOtp request) {
    return write(
        connection ->
            pending
                .token(connection, request.mfaToken())
                .map(
                    found ->
                        found.filter(
                            known ->
                                known.secret() == null && known.client().equals(request.client())))
                .compose(
                    found ->
                        found
                            .map(known -> finish(connection, known, request.otp()))
                            .orElseGet(() -> refuse(new PeopleReply.MfaTokenInvalid()))));
  }

  private Future<Outcome<PeopleReply.LogInReply>> finish(
      SqlConnection connection, MfaStore.Pending known, String otp) {
    return mfa.check(connection, known.account(), otp)
        .compose(
            check ->
                switch (check) {
                  case Mfa.Right _ ->
                      pending
                          .deleteTokens(connection, known.account())
                          .compose(
                              _ ->
                                  issue(
                                      connection,
                                      new Grant(
                                          known.account(),
                                          Grant.ALL,
                                          known.client(),
                                          known.lifetime(),
                                          known.scopes())));
                  case Mfa.Wrong _ -> refuse(new PeopleReply.OtpInvalid());
                  case Mfa.Wait(int seconds) -> refuse(new PeopleReply.TooManyAttempts(seconds));
                  // Ended meanwhile: the password alone is asked for again.
                  case Mfa.NotNeeded _ -> refuse(new PeopleReply.MfaTokenInvalid());
                });
  }

  private Future<Outcome<PeopleReply.LogInReply>> issue(SqlConnection connection, Grant grant) {
    return tokens.issueRefreshed(connection, grant).map(issued -> issued::at);
  }

  /** Exchanges a refresh token for an access token. */
  public Future<PeopleReply.LogInReply> refresh(PeopleRequest.Refresh request) {
    var pause = guesses.pause(request.client(), request.clientAddress());
    if (pause.isPositive()) {
      return Future.succeededFuture(new PeopleReply.TooManyAttempts((int) pause.toSeconds() + 1));
    }
    return writer
        .write(connection -> tokens.refresh(connection, request.refreshToken(), request.client()))
        .map(written -> judge(request, written));
  }

  private PeopleReply.LogInReply judge(
      PeopleRequest.Refresh request, ConfigurationWriter.Written<Optional<Issued>> written) {
    if (written.value().isEmpty()) {
      guesses.wrong(request.client(), request.clientAddress());
      return new PeopleReply.CredentialsInvalid();
    }
    guesses.right(request.client(), request.clientAddress());
    return written.value().get().at(written.position());
  }

  private static <R extends PeopleReply> Future<Outcome<R>> refuse(R reply) {
    return Future.succeededFuture(_ -> reply);
  }

  private <R> Future<R> write(Function<SqlConnection, Future<Outcome<R>>> work) {
    return writer.write(work).map(written -> written.value().apply(written.position()));
  }

  /** Tells somebody who knows a person's password which tokens there are. */
  public Future<PeopleReply.ListTokensReply> list(PeopleRequest.ListTokens request) {
    return credentials
        .check(request.email(), request.password(), request.clientAddress())
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right(var account) -> list(account, request.otp());
                  case Credentials.Wrong _ ->
                      Future.succeededFuture(new PeopleReply.CredentialsInvalid());
                  case Credentials.Wait(int seconds) ->
                      Future.succeededFuture(new PeopleReply.TooManyAttempts(seconds));
                });
  }

  private Future<PeopleReply.ListTokensReply> list(AccountId account, String otp) {
    return write(
        connection ->
            mfa.check(connection, account, otp)
                .compose(
                    check ->
                        switch (check) {
                          case Mfa.Right _, Mfa.NotNeeded _ ->
                              tokens
                                  .list(connection, account)
                                  .map(found -> _ -> new PeopleReply.TokensFound(found));
                          case Mfa.Wrong _ -> refuse(new PeopleReply.OtpInvalid());
                          case Mfa.Wait(int seconds) ->
                              refuse(new PeopleReply.TooManyAttempts(seconds));
                        }));
  }
}
