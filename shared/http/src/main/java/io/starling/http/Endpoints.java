package io.starling.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.starling.bootstrap.bus.Bus;
import io.starling.contract.Scope;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of a server, and all that they have in common: reading the body, checking the token,
 * CORS, answering, errors, meters. Belongs to one context. At most {@link Limits#maxInFlight}
 * requests are under way; what comes on top is answered with 503.
 */
public final class Endpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})|%00");

  private static final String BEGAN = "began";
  private static final long LAST_WORDS_MILLIS = 1_000;

  private final Router router;
  private final BodyReader bodies;
  private final TokenCheck tokens;
  private final Limits limits;
  private final Timings timings;
  private final Map<String, TreeSet<String>> methods = new LinkedHashMap<>();
  private final InFlight inFlight;
  private final Reach reach;
  private final Pace pace;
  private final Refused refused;
  private final List<Route> routes = new ArrayList<>();
  private final Cors cors = new Cors();

  /**
   * What a client may cost.
   *
   * @param maxBodyBytes the largest body
   * @param bodyDeadline how long a body may take to come
   * @param maxInFlight requests under way at a time, streams not counted
   * @param maxInFlightPerAccount of those, with tokens of one account
   * @param forwarded whether a proxy in front is trusted to tell the client's address
   */
  public record Limits(
      long maxBodyBytes,
      Duration bodyDeadline,
      int maxInFlight,
      int maxInFlightPerAccount,
      boolean forwarded) {}

  /**
   * A route.
   *
   * @param pattern its path, with {@code :name} for what stands for something
   * @param scope what whoever asks must be allowed to do; null if anybody may ask
   */
  public record Route(String method, String pattern, @Nullable Scope scope) {}

  /** No routes yet. */
  public Endpoints(
      Vertx vertx,
      TokenCheck tokens,
      Reach reach,
      Limits limits,
      Pace pace,
      Refused refused,
      MeterRegistry meters) {
    this.refused = refused;
    this.reach = reach;
    this.pace = pace;
    this.router = Router.router(vertx);
    this.bodies = new BodyReader(vertx, limits.maxBodyBytes(), limits.bodyDeadline());
    this.tokens = tokens;
    this.limits = limits;
    this.inFlight = new InFlight(limits.maxInFlight(), limits.maxInFlightPerAccount());
    this.timings = new Timings(meters);
    var _ = router.route().handler(cors).handler(Endpoints::wellFormed);
  }

  /** Adds a route that anybody may ask. */
  public void open(HttpMethod method, String pattern, Endpoint endpoint) {
    add(method, pattern, endpoint);
    routes.add(new Route(method.name(), pattern, null));
  }

  /** Adds a page that anybody may ask for; pages of other origins cannot read it. */
  public void page(String path, Endpoint endpoint) {
    cors.page(path);
    open(HttpMethod.GET, path, endpoint);
  }

  /**
   * Adds what takes the form of a page. What pages of other origins send is not heard: browsers
   * tell where a form was sent from.
   *
   * @param elsewhere what is answered to those
   */
  public void form(String path, Answer.Whole elsewhere, Endpoint endpoint) {
    cors.page(path);
    open(
        HttpMethod.POST,
        path,
        exchange ->
            Origins.isOwn(exchange.request())
                ? endpoint.answer(exchange)
                : Future.succeededFuture(elsewhere));
  }

  /** Adds a route that needs a token, and one that may do this. */
  public void guarded(HttpMethod method, String pattern, Scope scope, Endpoint endpoint) {
    add(method, pattern, behindToken(pattern, scope, endpoint));
    routes.add(new Route(method.name(), pattern, scope));
  }

  /**
   * Adds a route that needs a token, in the header or the query, and one that may do this; and that
   * reads multipart bodies itself, as they come; other bodies are read for it.
   */
  public void guardedUpload(HttpMethod method, String pattern, Scope scope, Endpoint endpoint) {
    var guarded = behindToken(pattern, scope, endpoint);
    routes.add(new Route(method.name(), pattern, scope));
    methods.computeIfAbsent(pattern, absent -> new TreeSet<>()).add(method.name());
    var _ =
        router
            .route(method, pattern)
            .handler(
                context -> {
                  if (BodyReader.isMultipart(context.request())) {
                    var _ = context.request().setExpectMultipart(true).pause();
                  }
                  take(context, pattern, guarded);
                });
  }

  private Endpoint behindToken(String pattern, Scope scope, Endpoint endpoint) {
    return exchange ->
        tokens
            .check(exchange.token())
            .compose(
                verdict ->
                    switch (verdict) {
                      case TokenCheck.Known(var principal) ->
                          inFlight.run(
                              principal.account(),
                              () ->
                                  pace.refusal(principal, exchange.request(), pattern)
                                      .or(
                                          () ->
                                              reach.refusal(exchange.as(principal), scope, pattern))
                                      .<Answer>map(answer -> answer)
                                      .map(Future::<Answer>succeededFuture)
                                      .orElseGet(() -> answer(endpoint, exchange.as(principal))));
                      case TokenCheck.Refused(var answer) -> Future.<Answer>succeededFuture(answer);
                    });
  }

  private void add(HttpMethod method, String pattern, Endpoint endpoint) {
    methods.computeIfAbsent(pattern, absent -> new TreeSet<>()).add(method.name());
    var watched = pace.watch(method, pattern, endpoint);
    var _ = router.route(method, pattern).handler(context -> take(context, pattern, watched));
  }

  /** Ends the adding: what has no route is answered with 404, a wrong method with 405. */
  public Handler<HttpServerRequest> handler() {
    methods.forEach(
        (pattern, allowed) -> {
          var refusal =
              Errors.error(405, "Method not allowed").with("Allow", String.join(", ", allowed));
          var _ = router.route(pattern).handler(context -> refuse(context, refusal));
        });
    var _ = router.route().handler(context -> refuse(context, Errors.notFound()));
    for (int status : new int[] {400, 500}) {
      var _ = router.errorHandler(status, this::failed);
    }
    return router;
  }

  /** The routes, in the order in which they are tried. */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  /** Requests under way, streams not counted. */
  public int inFlight() {
    return inFlight.count();
  }

  /** Whether its path or query cannot be decoded. */
  static boolean isBroken(HttpServerRequest request) {
    return BROKEN_ESCAPE.matcher(request.uri()).find();
  }

  /**
   * A percent sign that begins no escape is refused here, before anything would decode it, and
   * U+0000, which no text in a database can have.
   */
  private static void wellFormed(RoutingContext context) {
    Exchange.name(context);
    if (isBroken(context.request())) {
      context.fail(400);
    } else {
      context.next();
    }
  }

  private void take(RoutingContext context, String pattern, Endpoint endpoint) {
    context.put(BEGAN, System.nanoTime());
    Exchange.of(context, pattern);
    var tooMany = pace.refusal(context.request(), limits.forwarded(), pattern);
    if (tooMany.isPresent()) {
      leaveBody(context);
      write(context, pattern, tooMany.get());
      return;
    }
    inFlight
        .run(() -> readAndAnswer(context, endpoint).recover(cause -> broken(pattern, cause)))
        .onSuccess(answer -> write(context, pattern, answer));
  }

  private void refuse(RoutingContext context, Answer.Whole refusal) {
    write(
        context,
        "none",
        pace.refusal(context.request(), limits.forwarded(), "none").orElse(refusal));
  }

  private Future<Answer> readAndAnswer(RoutingContext context, Endpoint endpoint) {
    if (context.request().isExpectMultipart()) {
      var exchange = new Exchange(context, Fields.none(), limits.forwarded(), null);
      return answer(endpoint, exchange)
          .onComplete(
              _ -> {
                if (!context.request().isEnded()) {
                  closeSoon(context);
                }
              });
    }
    return bodies
        .read(context.request())
        .compose(
            body ->
                switch (body) {
                  case BodyReader.Read(var fields) ->
                      answer(endpoint, Exchange.read(context, fields, limits.forwarded()));
                  case BodyReader.Unusable(var answer, var unread) -> {
                    if (unread) {
                      closeSoon(context);
                    }
                    yield Future.<Answer>succeededFuture(answer);
                  }
                });
  }

  /** A route that throws is a route that fails. */
  private static Future<Answer> answer(Endpoint endpoint, Exchange exchange) {
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
    Long began = context.get(BEGAN);
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
    if (whole.status() >= 400 && (!pattern.equals("none") || whole.status() == 429)) {
      refused.heard(Exchange.answered(context, limits.forwarded()), whole);
    }
  }

  private static void leaveBody(RoutingContext context) {
    if (BodyReader.hasBody(context.request())) {
      closeSoon(context);
    }
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
