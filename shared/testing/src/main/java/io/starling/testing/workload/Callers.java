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
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Apps that call devices, by one node after the other, and record what they are told. */
public final class Callers {
  private static final int MOST_AT_ONCE = 20;

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
    calls.add(new CallRecord(call, device, new Failed("no answer yet")));
    waiting.incrementAndGet();
    nodes
        .get(call % nodes.size())
        .post(path, body)
        .<Outcome>map(answer -> new Returned(answer.getInteger("return_value")))
        .otherwise(failure -> new Failed(String.valueOf(failure.getMessage())))
        .onSuccess(
            outcome -> {
              calls.set(call, new CallRecord(call, device, outcome));
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

  public List<CallRecord> calls() {
    synchronized (calls) {
      return List.copyOf(calls);
    }
  }
}
