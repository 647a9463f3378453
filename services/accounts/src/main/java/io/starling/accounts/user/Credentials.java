package io.starling.accounts.user;

import io.micrometer.core.instrument.MeterRegistry;
import io.starling.contract.AccountId;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Who knows whose password. Unknown and known people cost the same time; who guesses is slowed
 * down. Belongs to one event loop.
 */
public final class Credentials {
  static final int MIN_PASSWORD = 8;
  static final int MAX_PASSWORD = 256;

  private final PrimaryPool pool;
  private final PasswordHash passwords;
  private final GuessLimit guesses;
  private final UserStore store = new UserStore();

  /** Of the people in the database of this pool. */
  public Credentials(Vertx vertx, PrimaryPool pool, InstantSource clock, MeterRegistry meters) {
    this.pool = pool;
    this.passwords = new PasswordHash(vertx, meters);
    this.guesses = GuessLimit.ofPeople(clock);
  }

  /** What a password is worth. */
  public sealed interface Check {}

  /** It is that person's. */
  public record Right(AccountId account) implements Check {}

  /** It is not, or there is no such person. */
  public record Wrong() implements Check {}

  /** Too many were wrong: not looked at. */
  public record Wait(int seconds) implements Check {}

  /** Looks at the password of an address. */
  public Future<Check> check(String email, String password, String place) {
    return check(
        email, password, place, pool.withConnection(connection -> store.find(connection, email)));
  }

  /** Looks at the password of a customer of a product. */
  public Future<Check> check(int product, String email, String password, String place) {
    return check(
        product + "/" + email,
        password,
        place,
        pool.withConnection(connection -> store.find(connection, product, email)));
  }

  /** Looks at the password of somebody who is known already. */
  public Future<Check> check(AccountId account, String password, String place) {
    return check(
        account.toString(),
        password,
        place,
        pool.withConnection(connection -> store.find(connection, account)));
  }

  private Future<Check> check(
      String who, String password, String place, Future<Optional<UserStore.User>> there) {
    // Who has none is nobody here: nothing but his hash is compared with what was typed.
    var found = there.map(user -> user.filter(known -> !known.passwordHash().isEmpty()));
    var pause = guesses.pause(who, place);
    if (pause.isPositive()) {
      return found.map(_ -> new Wait((int) pause.toSeconds() + 1));
    }
    if (password.length() > MAX_PASSWORD) {
      return found.map(_ -> new Wrong());
    }
    return found
        .map(user -> user.filter(UserStore.User::hasPassword))
        .compose(user -> judge(user, who, password, place));
  }

  private Future<Check> judge(
      Optional<UserStore.User> user, String who, String password, String place) {
    return user.map(known -> passwords.matches(password, known.passwordHash()))
        .orElseGet(() -> passwords.matchesNobody(password))
        .compose(right -> judge(user, right, who, password, place));
  }

  private Future<Check> judge(
      Optional<UserStore.User> user, boolean right, String who, String password, String place) {
    if (!right || user.isEmpty()) {
      guesses.wrong(who, place);
      return Future.succeededFuture(new Wrong());
    }
    guesses.right(who, place);
    return upgrade(user.get(), password).map(_ -> new Right(user.get().id()));
  }

  /** A hash that was made at lower cost is made anew, now that the password is at hand. */
  private Future<Void> upgrade(UserStore.User user, String password) {
    if (PasswordHash.isOfToday(user.passwordHash())) {
      return Future.succeededFuture();
    }
    return passwords
        .hash(password)
        .compose(
            hash ->
                pool.withConnection(
                    connection ->
                        store.replaceHash(connection, user.id(), user.passwordHash(), hash)))
        // The old one is as good as it was.
        .otherwiseEmpty();
  }

  /** The hash to keep of a password. */
  public Future<String> hash(String password) {
    return passwords.hash(password);
  }
}
