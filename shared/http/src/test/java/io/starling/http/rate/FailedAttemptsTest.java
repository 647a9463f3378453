package io.starling.http.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.bootstrap.bus.Bus;
import io.starling.http.rate.FailedAttempts.Outcome;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailedAttemptsTest {
  private static final String PLACE = "192.0.2.1";

  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx);
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final FailedAttempts here = attempts();
  private final FailedAttempts there = attempts();

  private FailedAttempts attempts() {
    return new FailedAttempts(bus, 3, Duration.ofMinutes(30), nanos::get);
  }

  @BeforeEach
  void start() throws TimeoutException {
    var _ = here.listen().await(10, TimeUnit.SECONDS);
    var _ = there.listen().await(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private static void attempt(FailedAttempts attempts, Outcome outcome) {
    assertThat(attempts.begin(PLACE)).isEmpty();
    attempts.end(PLACE, outcome);
  }

  @Test
  void blocksAfterSoManyFailuresInARowForAWhile() {
    for (int i = 0; i < 3; i++) {
      attempt(here, Outcome.WRONG);
    }

    assertThat(here.begin(PLACE)).hasValue(1_800);
    assertThat(here.begin("192.0.2.2")).isEmpty();

    nanos.addAndGet(Duration.ofMinutes(30).toNanos());
    attempt(here, Outcome.WRONG);
    attempt(here, Outcome.WRONG);
    assertThat(here.begin(PLACE)).isEmpty();
  }

  @Test
  void forgetsFailuresOnceTheSecretIsRight() {
    for (int i = 0; i < 5; i++) {
      attempt(here, Outcome.WRONG);
      attempt(here, Outcome.WRONG);
      attempt(here, Outcome.RIGHT);
    }

    assertThat(here.begin(PLACE)).isEmpty();
  }

  @Test
  void doesNotCountWhatCameToNothing() {
    for (int i = 0; i < 20; i++) {
      attempt(here, Outcome.NEITHER);
    }

    assertThat(here.begin(PLACE)).isEmpty();
  }

  @Test
  void letsNobodyTryMoreAtOnceThanInARow() {
    for (int i = 0; i < 3; i++) {
      assertThat(here.begin(PLACE)).isEmpty();
    }

    assertThat(here.begin(PLACE)).hasValue(1);

    here.end(PLACE, Outcome.NEITHER);
    assertThat(here.begin(PLACE)).isEmpty();
  }

  @Test
  void blocksAtAllNodesWhatFailedAtAny() {
    attempt(here, Outcome.WRONG);
    attempt(there, Outcome.WRONG);
    attempt(here, Outcome.WRONG);

    await().untilAsserted(() -> assertThat(there.begin(PLACE)).hasValue(1_800));
    await().untilAsserted(() -> assertThat(here.begin(PLACE)).hasValue(1_800));
  }

  @Test
  void staysBlockedWhenSomethingUnderWayWasRight() {
    assertThat(here.begin(PLACE)).isEmpty();
    for (int i = 0; i < 3; i++) {
      here.end(PLACE, Outcome.WRONG);
    }

    here.end(PLACE, Outcome.RIGHT);

    assertThat(here.begin(PLACE)).hasValue(1_800);
  }
}
