package io.starling.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class InFlightTest {
  private final InFlight inFlight = new InFlight(3, 2);
  private final AccountId account = AccountId.create();

  private static int status(Future<Answer> future) {
    return future.result() instanceof Answer.Whole whole ? whole.status() : 0;
  }

  @Test
  void letsGoWhatHasEnded() {
    for (int i = 0; i < 10; i++) {
      assertThat(status(inFlight.run(() -> Future.succeededFuture(Answer.ok())))).isEqualTo(200);
      assertThat(status(inFlight.run(account, () -> Future.succeededFuture(Answer.ok()))))
          .isEqualTo(200);
      assertThat(inFlight.run(account, () -> Future.failedFuture("broken")).failed()).isTrue();
    }
    assertThat(inFlight.count()).isZero();
  }

  @Test
  void refusesBeyondTheLimitAltogether() {
    var open = new ArrayList<Promise<Answer>>();
    for (int i = 0; i < 3; i++) {
      open.add(Promise.promise());
      assertThat(inFlight.run(open.getLast()::future).isComplete()).isFalse();
    }

    assertThat(status(inFlight.run(() -> Future.succeededFuture(Answer.ok())))).isEqualTo(503);

    open.getFirst().complete(Answer.ok());
    assertThat(status(inFlight.run(() -> Future.succeededFuture(Answer.ok())))).isEqualTo(200);
    assertThat(inFlight.count()).isEqualTo(2);
  }

  @Test
  void refusesBeyondTheShareOfAnAccount() {
    for (int i = 0; i < 2; i++) {
      assertThat(inFlight.run(account, Promise.<Answer>promise()::future).isComplete()).isFalse();
    }

    assertThat(status(inFlight.run(account, () -> Future.succeededFuture(Answer.ok()))))
        .isEqualTo(429);
    assertThat(status(inFlight.run(AccountId.create(), () -> Future.succeededFuture(Answer.ok()))))
        .isEqualTo(200);
  }
}
