package io.starling.postgres;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call and the connection that it holds. It ends once: by its work, or by being aborted, which
 * cuts the connection so that nothing of it can happen later.
 *
 * <p>Thread-safe; its result is told on the caller's context.
 */
final class Lease<T> {
  private final Promise<T> result;

  // guarded by this
  private @Nullable SqlConnection connection;
  private boolean over;

  /**
   * How a call failed.
   *
   * @param told to the caller
   * @param lost whether its connection is of no use any more
   */
  record Failure(Throwable told, boolean lost) {}

  Lease(Promise<T> result) {
    this.result = result;
  }

  Future<T> result() {
    return result.future();
  }

  synchronized boolean isOver() {
    return over;
  }

  synchronized boolean holdsConnection() {
    return connection != null;
  }

  /** Runs the work, unless the call was aborted while it waited for the connection. */
  void run(
      SqlConnection acquired,
      Function<SqlConnection, Future<T>> work,
      BiFunction<SqlConnection, Throwable, Failure> judge) {
    synchronized (this) {
      if (over) {
        giveBack(acquired);
        return;
      }
      connection = acquired;
    }
    Wire.quiet(acquired);
    Future<T> working;
    try {
      working = Objects.requireNonNull(work.apply(acquired), "the work gave no future");
    } catch (RuntimeException e) {
      working = Future.failedFuture(e);
    }
    working.onComplete(
        value -> end(false, () -> result.tryComplete(value)),
        failed -> {
          Failure failure = judge.apply(acquired, failed);
          end(failure.lost(), () -> result.tryFail(failure.told()));
        });
  }

  /** Fails the call now, whatever it is doing. */
  void abort(Throwable failure) {
    SqlConnection cut;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      cut = connection;
      connection = null;
    }
    if (cut != null) {
      Wire.discard(cut);
    }
    result.tryFail(failure);
  }

  private void end(boolean lost, Runnable tell) {
    SqlConnection used;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      used = connection;
      connection = null;
    }
    if (used != null && lost) {
      Wire.discard(used);
    } else if (used != null) {
      giveBack(used);
    }
    tell.run();
  }

  /** Whether the pool gets it back or finds it broken changes nothing for the caller. */
  private static void giveBack(SqlConnection connection) {
    var _ = connection.close();
  }
}
