package io.starling.accounts.user;

import io.starling.accounts.token.TokenStore;
import io.starling.contract.AccountId;
import io.starling.contract.PeopleReply;
import io.starling.contract.PeopleRequest;
import io.starling.directory.Secrets;
import io.starling.postgres.PrimaryPool;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Sign-up and log-in. Belongs to one event loop. */
public final class Users {
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,190}");
  private static final int MIN_PASSWORD = 8;
  private static final int MAX_PASSWORD = 256;

  private final PrimaryPool pool;
  private final ConfigurationWriter writer;
  private final TokenStore tokens;
  private final PasswordHash passwords;
  private final GuessLimit guesses;
  private final InstantSource clock;
  private final UserStore store = new UserStore();

  /** The people in the database of this pool. */
  public Users(
      Vertx vertx,
      PrimaryPool pool,
      ConfigurationWriter writer,
      TokenStore tokens,
      InstantSource clock) {
    this.pool = pool;
    this.writer = writer;
    this.tokens = tokens;
    this.passwords = new PasswordHash(vertx);
    this.guesses = new GuessLimit(clock);
    this.clock = clock;
  }

  /** Makes an account. */
  public Future<PeopleReply.SignUpReply> signUp(PeopleRequest.SignUp request) {
    var refused = refusal(request);
    if (refused.isPresent()) {
      return Future.succeededFuture(new PeopleReply.SignUpRefused(refused.get()));
    }
    var id = AccountId.create();
    return passwords
        .hash(request.password())
        .compose(
            hash -> writer.write(connection -> store.insert(connection, id, request.email(), hash)))
        .map(
            written ->
                written.value()
                    ? new PeopleReply.SignedUp(id, written.position())
                    : new PeopleReply.SignUpRefused(PeopleReply.SignUpRefused.Reason.IN_USE));
  }

  private static Optional<PeopleReply.SignUpRefused.Reason> refusal(PeopleRequest.SignUp request) {
    if (!EMAIL.matcher(request.email()).matches()) {
      return Optional.of(PeopleReply.SignUpRefused.Reason.NOT_AN_EMAIL);
    }
    if (request.password().length() < MIN_PASSWORD) {
      return Optional.of(PeopleReply.SignUpRefused.Reason.PASSWORD_TOO_SHORT);
    }
    return request.password().length() > MAX_PASSWORD
        ? Optional.of(PeopleReply.SignUpRefused.Reason.PASSWORD_TOO_LONG)
        : Optional.empty();
  }

  /** Exchanges a password for a token. */
  public Future<PeopleReply.LogInReply> logIn(PeopleRequest.LogIn request) {
    var pause = guesses.pause(request.email(), request.clientAddress());
    if (pause.isPositive()) {
      return Future.succeededFuture(new PeopleReply.TooManyAttempts((int) pause.toSeconds() + 1));
    }
    if (request.password().length() > MAX_PASSWORD) {
      return Future.succeededFuture(new PeopleReply.CredentialsInvalid());
    }
    return pool.withConnection(connection -> store.find(connection, request.email()))
        .compose(user -> check(user, request));
  }

  private Future<PeopleReply.LogInReply> check(
      Optional<UserStore.User> user, PeopleRequest.LogIn request) {
    var right =
        user.map(known -> passwords.matches(request.password(), known.passwordHash()))
            .orElseGet(() -> passwords.matchesNobody(request.password()));
    return right.compose(
        matches -> {
          if (!matches || user.isEmpty()) {
            guesses.wrong(request.email(), request.clientAddress());
            return Future.succeededFuture(new PeopleReply.CredentialsInvalid());
          }
          guesses.right(request.email(), request.clientAddress());
          return issue(user.get().id(), request);
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
