package io.starling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws TimeoutException {
    var _ = vertx.close().await(5, TimeUnit.SECONDS);
  }

  /** Where and how a wait for a future ended. */
  private record Ended(boolean onOwnContext, boolean succeeded, boolean late) {}

  private Ended wait(Future<Integer> future) {
    var ended = new CompletableFuture<Ended>();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        _ ->
            new Patience(vertx)
                .await(future, Duration.ofMillis(50))
                .onComplete(
                    outcome ->
                        ended.complete(
                            new Ended(
                                context.equals(Vertx.currentContext()),
                                outcome.succeeded(),
                                outcome.cause() instanceof TimeoutException))));
    return ended.orTimeout(5, TimeUnit.SECONDS).join();
  }

  @Test
  void comesBackOnItsContextWhoeverCompletes() {
    Promise<Integer> promise = Promise.promise();
    var _ = Thread.ofVirtual().start(() -> promise.complete(1));

    assertThat(wait(promise.future())).isEqualTo(new Ended(true, true, false));
  }

  @Test
  void givesUpOnItsContext() {
    assertThat(wait(Promise.<Integer>promise().future())).isEqualTo(new Ended(true, false, true));
  }

  @Test
  void passesFailuresOn() {
    assertThat(wait(Future.failedFuture("no"))).isEqualTo(new Ended(true, false, false));
  }
}
