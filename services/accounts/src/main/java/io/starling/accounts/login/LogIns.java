package io.starling.accounts.login;

import io.starling.accounts.token.TokenStore;
import io.starling.accounts.user.Credentials;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Exchanges passwords for tokens. */
public final class LogIns {
  private final ConfigurationWriter writer;
  private final TokenStore tokens;
  private final Credentials credentials;
  private final InstantSource clock;

  /** For the people in the writer's database. */
  public LogIns(
      ConfigurationWriter writer, TokenStore tokens, Credentials credentials, InstantSource clock) {
    this.writer = writer;
    this.tokens = tokens;
    this.credentials = credentials;
    this.clock = clock;
  }

  /** Exchanges a password for a token. */
  public Future<PeopleReply.LogInReply> logIn(PeopleRequest.LogIn request) {
    return credentials
        .check(request.email(), request.password(), request.clientAddress())
        .compose(
            check ->
                switch (check) {
                  case Credentials.Right(var account) -> issue(account, request);
                  case Credentials.Wrong _ ->
                      Future.succeededFuture(new PeopleReply.CredentialsInvalid());
                  case Credentials.Wait(int seconds) ->
                      Future.succeededFuture(new PeopleReply.TooManyAttempts(seconds));
                });
  }

  private Future<PeopleReply.LogInReply> issue(AccountId account, PeopleRequest.LogIn request) {
    String token = Secrets.newToken();
    @Nullable Long expires =
        request.lifetimeSeconds() == 0
            ? null
            : clock.millis() + Math.multiplyExact(request.lifetimeSeconds(), 1000L);
    return writer
        .write(
            connection ->
                tokens.insert(connection, Secrets.hash(token), account, request.client(), expires))
        .map(written -> new PeopleReply.LoggedIn(account, token, expires, written.position()));
  }
}
