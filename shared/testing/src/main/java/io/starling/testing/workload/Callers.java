package io.starling.testing.workload;

import io.starling.testing.account.CloudApi;
import io.starling.testing.history.CallRecord;
import io.starling.testing.history.CallRecord.Failed;
import io.starling.testing.history.CallRecord.Outcome;
import io.starling.testing.history.CallRecord.Returned;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Apps that call devices, by one node after the other, and record what they are told. */
public final class Callers {
  private static final int MOST_AT_ONCE = 100;
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private final List<CloudApi> nodes;
  private final Workload devices;
  private final Random random;
  private final List<CallRecord> calls = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger made = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();

  private long timer = -1;

  public Callers(Vertx vertx, List<CloudApi> nodes, Workload devices, long seed) {
    this.vertx = vertx;
    this.nodes = List.copyOf(nodes);
    this.devices = devices;
    this.random = new Random(seed);
  }

  /** Begins to call so often a second. */
  public void start(double perSecond) {
    timer = vertx.setPeriodic(Math.max(1, Math.round(1_000 / perSecond)), _ -> call());
  }

  private void call() {
    if (waiting.get() >= MOST_AT_ONCE) {
      return;
    }
    var call = made.getAndIncrement();
    var device = random.nextInt(devices.size());
    var path = "/v1/devices/" + devices.id(device) + "/" + ChaosDevice.FUNCTION;
    var body = new JsonObject().put("arg", Integer.toString(call));
    var begun = CallRecord.begun(call, device, call % nodes.size());
    calls.add(begun);
    waiting.incrementAndGet();
    nodes
        .get(begun.node())
        .post(path, body)
        .<Outcome>map(answer -> new Returned(answer.getInteger("return_value")))
        .otherwise(failure -> new Failed(String.valueOf(failure.getMessage())))
        .onSuccess(
            outcome -> {
              calls.set(call, begun.ended(outcome));
              waiting.decrementAndGet();
            });
  }

  /** Calls no more; calls under way go on. */
  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** How many calls have no outcome yet. */
  public int waiting() {
    return waiting.get();
  }

  /**
   * When calls were answered again: the moment when the first call had returned at each node that
   * was made after the last one that did not. Empty if one still waits for that.
   *
   * @param fromNanos only calls made from then
   * @param toNanos to then count
   * @param except a node, counted from 0, of which nothing is asked
   */
  public Optional<Long> answeredAgain(long fromNanos, long toNanos, int except) {
    var last = fromNanos;
    for (var node = 0; node < nodes.size(); node++) {
      var again = node == except ? Optional.of(fromNanos) : answeredAgain(node, fromNanos, toNanos);
      if (again.isEmpty()) {
        return again;
      }
      last = again.get() - last > 0 ? again.get() : last;
    }
    return Optional.of(last);
  }

  private Optional<Long> answeredAgain(int node, long fromNanos, long toNanos) {
    Optional<Long> answered = Optional.empty();
    for (var call : calls()) {
      boolean counts =
          call.node() == node
              && !isYoung(call)
              && call.madeNanos() - fromNanos >= 0
              && call.madeNanos() - toNanos < 0;
      if (counts && !call.isReturned()) {
        answered = Optional.empty();
      } else if (counts && answered.isEmpty()) {
        answered = Optional.of(call.endedNanos());
      }
    }
    return answered;
  }

  /** Whether nothing can be said of it yet. */
  private static boolean isYoung(CallRecord call) {
    return call.isWaiting() && System.nanoTime() - call.madeNanos() < SOON_NANOS;
  }

  public List<CallRecord> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }
}
