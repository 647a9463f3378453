package io.starling.webhooks.send;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.directory.SigningKey;
import io.starling.webhooks.connect.Clients;
import io.starling.webhooks.connect.Connector;
import io.starling.webhooks.connect.Resolver;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.request.OutboundRequest;
import io.starling.webhooks.request.OutboundRequest.Header;
import io.starling.webhooks.token.AccessTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes requests to endpoints, over connections that are kept open. Follows no redirects, reads at
 * most 100 KiB of an answer, ends each request after its time. Belongs to one event loop.
 */
public final class DeliveryClient implements Sender {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryClient.class);
  private static final CharSequence AGENT =
      HttpHeaders.createOptimized("ParticleBot/1.1 (Starling)");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence ID = HttpHeaders.createOptimized("webhook-id");
  private static final CharSequence TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
  private static final CharSequence SIGNATURE = HttpHeaders.createOptimized("webhook-signature");
  private static final long EXPIRE_EVERY_MILLIS = 25;

  /** The event loop was held up for so long: answers may have come that are not yet read. */
  private static final long LATE_NANOS = 500_000_000;

  /** Many that end at once shall not hold up those who do their part. */
  private static final long SLICE_NANOS = 1_000_000;

  /** What answers that are being read may hold; beyond, they are read but not kept. */
  private static final int MOST_KEPT_AT_ONCE = 16 << 20;

  private final SendLimits limits;
  private final Keys keys;
  private final InstantSource clock;
  private final Clients clients;
  private final Connector connector;
  private final AccessTokens tokens;
  private final KeptBytes room = new KeptBytes(MOST_KEPT_AT_ONCE);

  /** In the order of their start, which is the order in which their time ends. */
  private final Set<Call> calls = new LinkedHashSet<>();

  private long lookedAtNanos;

  /** What the requests of an integration are signed by; oldest first. */
  @FunctionalInterface
  public interface Keys {
    /** Also those whose time is over. */
    List<SigningKey> of(IntegrationId integration);
  }

  /** A client on the caller's context. */
  public DeliveryClient(
      Vertx vertx, SendLimits limits, Resolver resolver, Keys keys, InstantSource clock) {
    this.keys = keys;
    this.limits = limits;
    this.clock = clock;
    clients = new Clients(vertx, limits.inFlight());
    connector = new Connector(resolver, limits.privateTargets(), clients);
    tokens = new AccessTokens(connector, clients);
    vertx.setPeriodic(EXPIRE_EVERY_MILLIS, _ -> expire());
  }

  @Override
  public Future<Exchanged> attempt(Hook hook, List<Event> events, String id) {
    OutboundRequest request;
    try {
      request = hook.requests().render(events, id);
    } catch (IllegalArgumentException e) {
      return impossible(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("Integration {} could not be rendered", hook.integration().id(), e);
      return impossible("the request could not be rendered");
    }
    var call = new Call(System.nanoTime(), limits.attemptTimeout().toNanos(), room);
    calls.add(call);
    var lease = clients.lease(request.checksCertificate(), hook.credentials().tls());
    var delivery = new Prepared(hook, request, id, lease.client(), call);
    var _ =
        withToken(delivery).onSuccess(response -> answered(call, response)).onFailure(call::failed);
    return call.attempt()
        .onComplete(_ -> calls.remove(call))
        .onComplete(_ -> lease.close())
        .map(attempt -> exchanged(request, call, attempt))
        .onComplete(_ -> call.done());
  }

  /** All that one attempt needs. */
  private record Prepared(
      Hook hook, OutboundRequest request, String id, HttpClient client, Call call) {}

  /** With an access token if it wants one; with another one if that is refused. */
  private Future<HttpClientResponse> withToken(Prepared delivery) {
    var oauth2 = delivery.hook.credentials().oauth2();
    if (oauth2 == null) {
      return send(delivery, null);
    }
    return tokens
        .of(oauth2)
        .compose(
            token ->
                send(delivery, token)
                    .compose(
                        response -> {
                          if (response.statusCode() != 401 || !tokens.refused(oauth2, token)) {
                            return Future.succeededFuture(response);
                          }
                          response.exceptionHandler(_ -> {});
                          var _ = response.request().reset();
                          return tokens.of(oauth2).compose(other -> send(delivery, other));
                        }));
  }

  private Future<HttpClientResponse> send(Prepared delivery, @Nullable String token) {
    var call = delivery.call;
    call.watch().begins(System.nanoTime());
    var options = options(delivery.hook, delivery.request, delivery.id);
    if (token != null) {
      var bearer = new Header("authorization", "Bearer " + token);
      options.putHeader(bearer.name(), bearer.value());
      call.shows(bearer);
    }
    return connector
        .open(delivery.client, options, call.watch())
        .compose(opened -> call.send(opened, delivery.request.body()));
  }

  private static Exchanged exchanged(OutboundRequest request, Call call, Attempt attempt) {
    var timing = call.watch().timing(System.nanoTime());
    var excerpt = Blot.out(call.excerpt(), call.shown(request.headers()));
    var talk = new Talk(request.method().name(), call.status(), excerpt);
    return new Exchanged(attempt, request.target().host(), call.answer(), timing, talk);
  }

  private static Future<Exchanged> impossible(String cause) {
    return Future.succeededFuture(
        new Exchanged(new Attempt.Impossible(cause), "", null, Timing.NONE, Talk.NONE));
  }

  private RequestOptions options(Hook hook, OutboundRequest request, String id) {
    var target = request.target();
    var options =
        new RequestOptions()
            .setMethod(request.method())
            .setSsl(target.ssl())
            .setHost(target.host())
            .setPort(target.port())
            .setURI(target.path())
            .putHeader(HttpHeaders.USER_AGENT, AGENT)
            .putHeader(HttpHeaders.ACCEPT, JSON);
    request.headers().forEach(header -> options.putHeader(header.name(), header.value()));
    var now = clock.instant();
    String timestamp = Long.toString(now.getEpochSecond());
    Signatures.of(keys.of(hook.integration().id()), now, id, timestamp, request.body())
        .ifPresent(signature -> options.putHeader(SIGNATURE, signature));
    return options.putHeader(ID, id).putHeader(TIMESTAMP, timestamp);
  }

  private void answered(Call call, HttpClientResponse response) {
    String wait = response.getHeader(HttpHeaders.RETRY_AFTER);
    call.answered(Attempt.ofStatus(response.statusCode(), RetryAfter.read(wait, clock)), response);
  }

  private void expire() {
    long now = System.nanoTime();
    boolean late = now - lookedAtNanos > LATE_NANOS;
    lookedAtNanos = now;
    while (!late && !calls.isEmpty() && System.nanoTime() - now < SLICE_NANOS) {
      var first = calls.iterator().next();
      if (!first.expire(now)) {
        return;
      }
      calls.remove(first);
    }
  }
}
