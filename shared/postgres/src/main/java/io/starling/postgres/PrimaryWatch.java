package io.starling.postgres;

import io.starling.postgres.PrimaryRules.AskAgain;
import io.starling.postgres.PrimaryRules.Nobody;
import io.starling.postgres.PrimaryRules.Serve;
import io.starling.postgres.PrimaryRules.Verdict;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks all candidates, over and over, who is the primary. It asks in health too: a primary that was
 * replaced while it could not be seen goes on answering, and only the others can tell.
 *
 * <p>Runs on one context, one round at a time; {@link #hurry} and {@link #raiseFloor} may be called
 * from any thread.
 */
final class PrimaryWatch {
  static final Duration INTERVAL = Duration.ofMillis(500);
  static final Duration LIMIT = Duration.ofSeconds(1);

  /** Between rounds that were asked for: a burst of failing calls asks once. */
  private static final long MIN_PAUSE_MILLIS = 50;

  /**
   * Rounds of silence that prove nothing: in service, and before the first answer, when all is
   * cold.
   */
  private static final int IN_SERVICE = 1;

  private static final int AT_FIRST = 3;

  private final Vertx vertx;
  private final Context context;
  private final List<Probe> probes;
  private final Consumer<Verdict> listener;
  private volatile Term floor = Term.NONE;

  // for the present primary; touched on the context only
  private @Nullable Candidate serving;
  private int patience = AT_FIRST;

  // for the loop; touched on the context only
  private boolean closed;
  private boolean asking;
  private boolean hurried;
  private long pauseMillis = MIN_PAUSE_MILLIS;
  private long timer = -1;

  PrimaryWatch(
      Vertx vertx, Context context, List<Candidate> candidates, Consumer<Verdict> listener) {
    this.vertx = vertx;
    this.context = context;
    this.listener = listener;
    this.probes =
        candidates.stream().map(candidate -> new Probe(vertx, context, candidate, LIMIT)).toList();
  }

  void start() {
    context.runOnContext(_ -> round());
  }

  /** Asks soon: something looks wrong. */
  void hurry() {
    context.runOnContext(
        _ -> {
          if (!hurried) {
            hurried = true;
            if (!asking) {
              schedule(MIN_PAUSE_MILLIS);
            }
          }
        });
  }

  /** Completes when a candidate answers a question, whatever it says; fails if it does not. */
  Future<Void> answers(Candidate candidate) {
    Probe probe = probes.stream().filter(one -> one.asks(candidate)).findFirst().orElseThrow();
    return Future.<Answer>future(
            asking -> context.runOnContext(_ -> probe.ask().onComplete(asking)))
        .compose(
            answer ->
                switch (answer) {
                  case Answer.Writable _, Answer.ReadOnly _ -> Future.succeededFuture();
                  case Answer.Silent _, Answer.Failed _ ->
                      Future.failedFuture(new DatabaseUnavailable(answer.text()));
                });
  }

  /** Nobody with a lower term is the primary from now on. */
  synchronized void raiseFloor(Term term) {
    if (floor.isBefore(term)) {
      floor = term;
    }
  }

  Term floor() {
    return floor;
  }

  Future<Void> close() {
    return Future.future(
        closing ->
            context.runOnContext(
                _ -> {
                  closed = true;
                  vertx.cancelTimer(timer);
                  Future.join(probes.stream().map(Probe::close).toList())
                      .<Void>mapEmpty()
                      .onComplete(closing);
                }));
  }

  private void round() {
    if (closed || asking) {
      return;
    }
    asking = true;
    hurried = false;
    List<Future<Answer>> asked = probes.stream().map(Probe::ask).toList();
    Future.join(asked).onComplete(_ -> finish(asked.stream().map(Future::result).toList()));
  }

  private void finish(List<Answer> answers) {
    asking = false;
    if (closed) {
      return;
    }
    Verdict verdict = PrimaryRules.judge(answers, floor, serving, patience);
    switch (verdict) {
      case Serve serve -> {
        serving = serve.candidate();
        patience = IN_SERVICE;
        raiseFloor(serve.term());
        pauseMillis = MIN_PAUSE_MILLIS;
        listener.accept(verdict);
        schedule(hurried ? MIN_PAUSE_MILLIS : jittered(INTERVAL.toMillis()));
      }
      case AskAgain _ -> {
        patience--;
        round();
      }
      case Nobody _ -> {
        serving = null;
        patience = 0;
        listener.accept(verdict);
        schedule(jittered(pauseMillis));
        pauseMillis = Math.min(2 * pauseMillis, INTERVAL.toMillis());
      }
    }
  }

  private void schedule(long delayMillis) {
    vertx.cancelTimer(timer);
    timer = vertx.setTimer(delayMillis, _ -> round());
  }

  private static long jittered(long millis) {
    return ThreadLocalRandom.current().nextLong(millis / 2 + 1, millis + 1);
  }
}
