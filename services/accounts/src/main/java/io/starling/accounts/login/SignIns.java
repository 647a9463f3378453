package io.starling.accounts.login;

import io.starling.accounts.user.Credentials;
import io.starling.contract.AccountId;
import io.starling.contract.OAuthReply;
import io.starling.contract.OAuthReply.SignInRefused;
import io.starling.contract.OAuthReply.SignInRefused.Reason;
import io.starling.contract.OAuthRequest;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.Deeds;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Who a person is that signs in on a page, by all that is needed at once: wrong passwords and
 * one-time passwords count as they do where tokens are exchanged for them. A ticket stands for
 * both.
 */
public final class SignIns {
  private final PrimaryPool pool;
  private final Credentials credentials;
  private final Mfa mfa;
  private final Deeds deeds;
  private final Tickets tickets = new Tickets();

  /** Of the people in this database, where what they do then is told of somebody. */
  public SignIns(PrimaryPool pool, Credentials credentials, Mfa mfa, Deeds deeds) {
    this.pool = pool;
    this.credentials = credentials;
    this.mfa = mfa;
    this.deeds = deeds;
  }

  /** Does something, in a transaction, for who signs in; or tells that nobody did. */
  public Future<OAuthReply> signedIn(
      OAuthRequest.SignIn who, BiFunction<SqlConnection, AccountId, Future<OAuthReply>> work) {
    return signedIn(who, work, refused -> refused);
  }

  /** The same for work that answers otherwise. */
  public <R> Future<R> signedIn(
      OAuthRequest.SignIn who,
      BiFunction<SqlConnection, AccountId, Future<R>> work,
      Function<SignInRefused, R> refused) {
    return new SigningIn<>(work, refused).go(who);
  }

  /** Whether somebody needs one-time passwords. */
  public Future<Boolean> needsOtp(SqlConnection connection, AccountId account) {
    return mfa.store().otp(connection, account).map(Optional::isPresent);
  }

  /**
   * Uses a one-time password up, in the transaction of what it is used for; tells what is wrong
   * with it, empty if nothing is or none is needed.
   */
  public Future<Optional<SignInRefused>> wrongOtp(
      SqlConnection connection, AccountId account, String otp) {
    if (otp.isBlank()) {
      // Not a wrong one: the page asks everybody, whether it is needed or not.
      return needsOtp(connection, account)
          .map(
              needed ->
                  needed ? Optional.of(new SignInRefused(Reason.OTP_NEEDED, 0)) : Optional.empty());
    }
    return mfa.check(connection, account, otp)
        .map(
            check ->
                switch (check) {
                  case Mfa.Right _, Mfa.NotNeeded _ -> Optional.empty();
                  case Mfa.Wrong _ -> Optional.of(new SignInRefused(Reason.OTP, 0));
                  case Mfa.Wait(int seconds) ->
                      Optional.of(new SignInRefused(Reason.TOO_MANY, seconds));
                });
  }

  /** What is done for one who signs in, or told if he does not. */
  private final class SigningIn<R> {
    private final BiFunction<SqlConnection, AccountId, Future<R>> work;
    private final Function<SignInRefused, R> refused;

    SigningIn(
        BiFunction<SqlConnection, AccountId, Future<R>> work, Function<SignInRefused, R> refused) {
      this.work = work;
      this.refused = refused;
    }

    Future<R> go(OAuthRequest.SignIn who) {
      return who.ticket().isEmpty()
          ? withPassword(who)
          : pool.withPromptTransaction(
              connection ->
                  withTicket(connection, who.ticket())
                      .compose(reply -> deeds.after(connection, reply)));
    }

    private Future<R> withTicket(SqlConnection connection, String ticket) {
      return tickets
          .use(connection, ticket)
          .compose(
              account ->
                  account
                      .map(known -> work.apply(connection, known))
                      .orElseGet(() -> refuse(Reason.TICKET, 0)));
    }

    private Future<R> withPassword(OAuthRequest.SignIn who) {
      return credentials
          .check(who.email(), who.password(), who.clientAddress())
          .compose(
              check ->
                  switch (check) {
                    case Credentials.Right(var account) ->
                        pool.withPromptTransaction(
                            connection ->
                                withOtp(connection, account, who.otp())
                                    .compose(reply -> deeds.after(connection, reply)));
                    case Credentials.Wrong _ -> refuse(Reason.CREDENTIALS, 0);
                    case Credentials.Wait(int seconds) -> refuse(Reason.TOO_MANY, seconds);
                  });
    }

    private Future<R> withOtp(SqlConnection connection, AccountId account, String otp) {
      return wrongOtp(connection, account, otp)
          .compose(
              wrong ->
                  wrong
                      .map(why -> Future.succeededFuture(refused.apply(why)))
                      .orElseGet(() -> work.apply(connection, account)));
    }

    private Future<R> refuse(Reason reason, int seconds) {
      return Future.succeededFuture(refused.apply(new SignInRefused(reason, seconds)));
    }
  }
}
