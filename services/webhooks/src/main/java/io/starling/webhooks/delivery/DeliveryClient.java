package io.starling.webhooks.delivery;

import io.starling.contract.Event;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.request.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes requests to endpoints, over connections that are kept open. Follows no redirects, reads at
 * most 100 KiB of an answer, ends each request after its time. Belongs to one event loop.
 */
public final class DeliveryClient {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryClient.class);
  private static final CharSequence AGENT =
      HttpHeaders.createOptimized("ParticleBot/1.1 (Starling)");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence ID = HttpHeaders.createOptimized("webhook-id");
  private static final CharSequence TIMESTAMP = HttpHeaders.createOptimized("webhook-timestamp");
  private static final long EXPIRE_EVERY_MILLIS = 250;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Vertx vertx;
  private final DeliveryLimits limits;
  private final InstantSource clock;
  private final HttpClient checking;
  private final HttpClient trusting;

  /** In the order of their start, which is the order in which their time ends. */
  private final Set<Call> calls = new LinkedHashSet<>();

  private long lookedAtMillis;

  /** A client on the caller's context. */
  public DeliveryClient(Vertx vertx, DeliveryLimits limits, InstantSource clock) {
    this.vertx = vertx;
    this.limits = limits;
    this.clock = clock;
    this.checking = client(true);
    this.trusting = client(false);
    vertx.setPeriodic(EXPIRE_EVERY_MILLIS, _ -> expire());
  }

  private HttpClient client(boolean checksCertificate) {
    var options =
        new HttpClientOptions()
            .setConnectTimeout(CONNECT_MILLIS)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setTcpNoDelay(true)
            .setMaxRedirects(0)
            .setTrustAll(!checksCertificate)
            .setVerifyHost(checksCertificate);
    // One pool per host: its size must not make one integration wait for another of that host.
    var pool =
        new PoolOptions().setHttp1MaxSize(limits.inFlight()).setMaxWaitQueueSize(limits.inFlight());
    return vertx.createHttpClient(options, pool);
  }

  /**
   * Makes one request.
   *
   * @param id the webhook-id, the same for every attempt of one delivery
   * @return never fails
   */
  Future<Attempt> attempt(Hook hook, Event event, String id) {
    OutboundRequest request;
    try {
      request = hook.requests().render(event);
    } catch (IllegalArgumentException e) {
      return Future.succeededFuture(new Attempt.Impossible(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.error("Integration {} could not be rendered", hook.integration().id(), e);
      return Future.succeededFuture(new Attempt.Impossible("the request could not be rendered"));
    }
    var call = new Call(clock, clock.millis() + limits.attemptTimeout().toMillis());
    calls.add(call);
    var options = options(request, id);
    if (limits.privateTargets()) {
      send(call, options, request);
    } else {
      vet(call, options, request);
    }
    return call.attempt().onComplete(_ -> calls.remove(call));
  }

  private RequestOptions options(OutboundRequest request, String id) {
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
    return options.putHeader(ID, id).putHeader(TIMESTAMP, Long.toString(clock.millis() / 1_000));
  }

  /** Resolves once, and connects to the address that was looked at: names may change meanwhile. */
  private void vet(Call call, RequestOptions options, OutboundRequest request) {
    var target = request.target();
    var _ =
        vertx
            .executeBlocking(() -> PrivateAddresses.vetted(bare(target.host())), false)
            .onSuccess(
                address -> {
                  options.setServer(
                      SocketAddress.inetSocketAddress(target.port(), address.getHostAddress()));
                  send(call, options, request);
                })
            .onFailure(call::failed);
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private void send(Call call, RequestOptions options, OutboundRequest request) {
    var client = request.checksCertificate() ? checking : trusting;
    var _ =
        client
            .request(options)
            .compose(opened -> call.send(opened, request.body()))
            .onSuccess(call::answered)
            .onFailure(call::failed);
  }

  private void expire() {
    long now = clock.millis();
    boolean late = now - lookedAtMillis > 2 * EXPIRE_EVERY_MILLIS;
    lookedAtMillis = now;
    if (late) {
      // The event loop was held up: answers may have come that are not yet read.
      return;
    }
    while (!calls.isEmpty()) {
      var first = calls.iterator().next();
      if (!first.expire(now)) {
        return;
      }
      calls.remove(first);
    }
  }
}
