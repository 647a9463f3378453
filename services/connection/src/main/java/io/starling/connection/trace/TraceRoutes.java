package io.starling.connection.trace;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /trace?device=ID} or {@code ?topic=FILTER}, with {@code minutes} (10 if not given, 60
 * at most) and {@code sample} (the share that is shown, 1 if not given): streams lines of JSON
 * until the time is over or the client goes. 400 for what cannot be meant, 403 to those elsewhere,
 * 405, 429 if there are four already.
 */
public final class TraceRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(TraceRoutes.class);

  private final Vertx vertx;
  private final Traces traces;

  /** The routes of one node. */
  public TraceRoutes(Vertx vertx, Traces traces) {
    this.vertx = vertx;
    this.traces = traces;
  }

  /** Answers {@code /trace}, on the event loop of the request. */
  public Future<?> answer(HttpServerRequest request) {
    if (!Caller.isHere(request)) {
      return refuse(request, 403, "only callers on this machine may trace");
    }
    if (!request.method().equals(HttpMethod.POST)) {
      return refuse(request, 405, "POST /trace?device=... or ?topic=...");
    }
    try {
      return trace(request, Asked.of(request.params()));
    } catch (IllegalArgumentException e) {
      return refuse(request, 400, String.valueOf(e.getMessage()));
    }
  }

  private Future<?> trace(HttpServerRequest request, Asked asked) {
    var stream = new TraceStream(vertx, traces, request.response(), asked);
    if (!traces.begin(stream.trace())) {
      return refuse(request, 429, "there are " + Traces.MOST + " traces already");
    }
    LOG.info(
        "A trace of {} begins, for {} minutes at most",
        asked.subject().text(),
        asked.duration().toMinutes());
    return stream.run();
  }

  private static Future<Void> refuse(HttpServerRequest request, int status, String why) {
    return request
        .response()
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(new JsonObject().put("error", why).encode() + "\n");
  }
}
