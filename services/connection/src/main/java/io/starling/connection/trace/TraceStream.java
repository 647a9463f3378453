package io.starling.connection.trace;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One trace on its way to who asked for it: never more than the socket takes. Tells each second
 * what was left out, if anything was, and every ten that it is still there. Belongs to the event
 * loop of the request.
 */
final class TraceStream {
  private static final long LOOK_MILLIS = 1_000;
  private static final int LOOKS_BETWEEN_SIGNS = 10;

  private final Vertx vertx;
  private final Context context;
  private final Traces traces;
  private final HttpServerResponse response;
  private final Trace trace;
  private final AtomicBoolean writes = new AtomicBoolean();
  private final Promise<Void> done = Promise.promise();
  private long timer;
  private int looks;
  private long toldLost;
  private boolean over;

  TraceStream(Vertx vertx, Traces traces, HttpServerResponse response, Asked asked) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.traces = traces;
    this.response = response;
    this.trace =
        new Trace(
            asked, System::nanoTime, () -> ThreadLocalRandom.current().nextDouble(), this::news);
  }

  Trace trace() {
    return trace;
  }

  /** Goes on until the time is over or the client goes. */
  Future<Void> run() {
    var _ =
        response
            .setChunked(true)
            .putHeader("content-type", "application/x-ndjson")
            .putHeader("cache-control", "no-store")
            .closeHandler(_ -> end())
            .exceptionHandler(_ -> end())
            .drainHandler(_ -> write());
    timer = vertx.setPeriodic(LOOK_MILLIS, _ -> look());
    say("begins");
    return done.future();
  }

  /** Many lines of one turn of the loop are one task. */
  private void news() {
    if (writes.compareAndSet(false, true)) {
      context.runOnContext(
          _ -> {
            writes.set(false);
            write();
          });
    }
  }

  private void write() {
    while (!over && !response.writeQueueFull()) {
      var line = trace.next();
      if (line == null) {
        return;
      }
      send(line);
    }
  }

  private void send(String line) {
    response.write(line + "\n").onFailure(_ -> end());
  }

  private void say(String state) {
    toldLost = trace.counts().lost();
    send(traces.status(trace, state));
  }

  private void look() {
    if (trace.isOver()) {
      write();
      say("over");
      end();
      return;
    }
    looks++;
    boolean sign = looks % LOOKS_BETWEEN_SIGNS == 0;
    if (!response.writeQueueFull() && (sign || trace.counts().lost() > toldLost)) {
      say("goes on");
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    traces.end(trace);
    var _ = vertx.cancelTimer(timer);
    if (response.closed()) {
      done.complete();
    } else {
      response.end().onComplete(_ -> done.complete());
    }
  }
}
