package io.starling.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for futures on test and command threads, never on an event loop. Every wait has a limit, 30
 * s unless said otherwise; beyond it, or when the future fails, an {@link IllegalStateException}
 * whose message and cause say why.
 */
public final class Await {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Await() {}

  /** The value of a future that has to succeed. */
  public static <T> T get(Future<T> future) {
    return get(future, LIMIT);
  }

  public static <T> T get(Future<T> future, Duration limit) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      throw new IllegalStateException("nothing happened within " + limit.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits for a future that has to succeed and whose value does not matter. */
  public static void done(Future<?> future) {
    done(future, LIMIT);
  }

  public static void done(Future<?> future, Duration limit) {
    var _ = get(future, limit);
  }
}
