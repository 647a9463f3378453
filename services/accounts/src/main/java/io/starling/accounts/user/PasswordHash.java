package io.starling.accounts.user;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Argon2id with 19 MiB and two passes (the OWASP cheat sheet's first choice), about 50 ms each, on
 * two threads of its own: guessing cannot take the machine away from anyone else. What waits too
 * long fails.
 */
final class PasswordHash {
  private static final Argon2Function ARGON2 =
      Argon2Function.getInstance(19 * 1024, 2, 1, 32, Argon2.ID);
  private static final int THREADS = 2;
  private static final long LIMIT_SECONDS = 5;

  private final WorkerExecutor workers;
  private final Counter hashed;
  private final Future<String> nobodys;

  /** Counts in {@code starling.passwords.hashed} what it does. */
  PasswordHash(Vertx vertx, MeterRegistry meters) {
    this.workers = vertx.createSharedWorkerExecutor("starling-passwords", THREADS);
    this.hashed = meters.counter("starling.passwords.hashed");
    this.nobodys = hash("nobody has this password");
  }

  Future<String> hash(String password) {
    hashed.increment();
    return bounded(
        workers.executeBlocking(
            () -> Password.hash(password).addRandomSalt(16).with(ARGON2).getResult(), false));
  }

  Future<Boolean> matches(String password, String hash) {
    hashed.increment();
    return bounded(
        workers.executeBlocking(
            () -> Password.check(password, hash).with(Argon2Function.getInstanceFromHash(hash)),
            false));
  }

  /**
   * Takes as long as a real check, and is never right: an unknown address cannot be told from a
   * wrong password by the clock.
   */
  Future<Boolean> matchesNobody(String password) {
    return nobodys.compose(hash -> matches(password, hash)).map(never -> false);
  }

  /** Tells whether a hash was made as hashes are made now. */
  static boolean isOfToday(String hash) {
    return ARGON2.equals(Argon2Function.getInstanceFromHash(hash));
  }

  private static <T> Future<T> bounded(Future<T> work) {
    return work.timeout(LIMIT_SECONDS, TimeUnit.SECONDS);
  }
}
