package io.starling.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of a server, and all that they have in common: reading the body, checking the token,
 * CORS, answering, errors, meters. Belongs to one context. At most {@link Limits#maxInFlight}
 * requests are under way; what comes on top is answered with 503.
 */
public final class Endpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private static final long LAST_WORDS_MILLIS = 1_000;

  private final Router router;
  private final BodyReader bodies;
  private final TokenCheck tokens;
  private final Limits limits;
  private final Timings timings;
  private final Map<String, TreeSet<String>> methods = new LinkedHashMap<>();
  private int inFlight;

  /**
   * What a client may cost.
   *
   * @param maxBodyBytes the largest body
   * @param bodyDeadline how long a body may take to come
   * @param maxInFlight requests under way at a time, streams not counted
   * @param forwarded whether a proxy in front is trusted to tell the client's address
   */
  public record Limits(
      long maxBodyBytes, Duration bodyDeadline, int maxInFlight, boolean forwarded) {}

  /** No routes yet. */
  public Endpoints(Vertx vertx, TokenCheck tokens, Limits limits, MeterRegistry meters) {
    this.router = Router.router(vertx);
    this.bodies = new BodyReader(vertx, limits.maxBodyBytes(), limits.bodyDeadline());
    this.tokens = tokens;
    this.limits = limits;
    this.timings = new Timings(meters);
    var _ = router.route().handler(new Cors()).handler(Endpoints::wellFormed);
  }

  /** Adds a route that anybody may ask. */
  public void open(HttpMethod method, String pattern, Endpoint endpoint) {
    add(method, pattern, endpoint);
  }

  /** Adds a route that needs a token. */
  public void guarded(HttpMethod method, String pattern, Endpoint endpoint) {
    add(
        method,
        pattern,
        exchange ->
            switch (tokens.check(exchange.token())) {
              case TokenCheck.Known(var principal) -> endpoint.answer(exchange.as(principal));
              case TokenCheck.Refused(var answer) -> Future.succeededFuture(answer);
            });
  }

  private void add(HttpMethod method, String pattern, Endpoint endpoint) {
    methods.computeIfAbsent(pattern, absent -> new TreeSet<>()).add(method.name());
    var _ = router.route(method, pattern).handler(context -> take(context, pattern, endpoint));
  }

  /** Ends the adding: what has no route is answered with 404, a wrong method with 405. */
  public Handler<HttpServerRequest> handler() {
    methods.forEach(
        (pattern, allowed) -> {
          var refusal =
              Errors.error(405, "Method not allowed").with("Allow", String.join(", ", allowed));
          var _ = router.route(pattern).handler(context -> write(context, "none", refusal));
        });
    var _ = router.route().handler(context -> write(context, "none", Errors.notFound()));
    for (int status : new int[] {400, 500}) {
      var _ = router.errorHandler(status, this::failed);
    }
    return router;
  }

  /** Requests under way, streams not counted. */
  public int inFlight() {
    return inFlight;
  }

  /** A percent sign that begins no escape is refused here, before anything would decode it. */
  private static void wellFormed(RoutingContext context) {
    if (BROKEN_ESCAPE.matcher(context.request().uri()).find()) {
      context.fail(400);
    } else {
      context.next();
    }
  }

  private void take(RoutingContext context, String pattern, Endpoint endpoint) {
    if (inFlight >= limits.maxInFlight()) {
      write(context, pattern, Errors.unavailable("Too many requests are under way", 1));
      return;
    }
    inFlight++;
    context.put("began", System.nanoTime());
    bodies
        .read(context.request())
        .compose(
            body ->
                switch (body) {
                  case BodyReader.Read(var fields) ->
                      answer(context, endpoint, fields).recover(cause -> broken(pattern, cause));
                  case BodyReader.Unusable(var answer, var unread) -> {
                    if (unread) {
                      closeSoon(context);
                    }
                    yield Future.<Answer>succeededFuture(answer);
                  }
                })
        .onSuccess(
            answer -> {
              inFlight--;
              write(context, pattern, answer);
            });
  }

  private Future<Answer> answer(RoutingContext context, Endpoint endpoint, Fields fields) {
    var exchange = new Exchange(context, fields, limits.forwarded(), null);
    return Future.succeededFuture(exchange).compose(endpoint::answer).map(answer -> answer);
  }

  private static Future<Answer> broken(String pattern, Throwable cause) {
    if (Bus.isNobody(cause) || Bus.isTimeout(cause) || cause instanceof TimeoutException) {
      return Future.succeededFuture(Errors.unavailable("Not available for now, try again", 2));
    }
    LOG.error("{} failed", pattern, cause);
    return Future.succeededFuture(Errors.internal());
  }

  private void failed(RoutingContext context) {
    var answer = context.statusCode() == 400 ? Errors.badRequest("Bad request") : Errors.internal();
    if (context.statusCode() != 400) {
      LOG.error("A request failed outside of the routes", context.failure());
    }
    write(context, "none", answer);
  }

  private void write(RoutingContext context, String pattern, Answer answer) {
    var response = context.response();
    Long began = context.get("began");
    int status = answer instanceof Answer.Whole whole ? whole.status() : 200;
    timings.record(
        context.request().method().name(),
        pattern,
        status,
        began == null ? 0 : System.nanoTime() - began);
    if (!(answer instanceof Answer.Whole whole) || response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(whole.status()).putHeader("Cache-Control", "no-store");
    whole.headers().forEach(response::putHeader);
    if (!whole.contentType().isEmpty()) {
      response.putHeader("Content-Type", whole.contentType());
    }
    var _ = response.end(whole.body());
  }

  /** The rest of a body that nobody reads: a moment to take the answer in, then the end. */
  private static void closeSoon(RoutingContext context) {
    var request = context.request();
    if (request.version() == HttpVersion.HTTP_2) {
      // Its frames are read and dropped; other streams share the connection.
      return;
    }
    request.response().putHeader("Connection", "close");
    var _ =
        context
            .vertx()
            .setTimer(
                LAST_WORDS_MILLIS,
                _ -> {
                  var _ = request.connection().close();
                });
  }
}
