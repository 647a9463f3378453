package io.starling.webhooks.send;

import io.starling.contract.Event;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.request.OutboundRequest;
import io.starling.webhooks.request.Target;
import io.starling.webhooks.response.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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

  /** So much is kept of an answer that a character at the limit can be told to be cut. */
  private static final int MOST_KEPT = Answer.MAX_BYTES + 4;

  /** What answers that are being read may hold; beyond, they are read but not kept. */
  private static final int MOST_KEPT_AT_ONCE = 16 << 20;

  private static final int CONNECT_MILLIS = 5_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Vertx vertx;
  private final SendLimits limits;
  private final InstantSource clock;
  private final HttpClient checking;
  private final HttpClient trusting;

  /** In the order of their start, which is the order in which their time ends. */
  private final Set<Call> calls = new LinkedHashSet<>();

  private long lookedAtNanos;
  private int kept;

  /** A client on the caller's context. */
  public DeliveryClient(Vertx vertx, SendLimits limits, InstantSource clock) {
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
  public Future<Exchanged> attempt(Hook hook, Event event, String id) {
    OutboundRequest request;
    try {
      request = hook.requests().render(event);
    } catch (IllegalArgumentException e) {
      return impossible(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("Integration {} could not be rendered", hook.integration().id(), e);
      return impossible("the request could not be rendered");
    }
    var call = new Call(System.nanoTime() + limits.attemptTimeout().toNanos());
    calls.add(call);
    var client = request.checksCertificate() ? checking : trusting;
    var _ =
        vetted(options(request, id), request.target())
            .compose(client::request)
            .compose(opened -> call.send(opened, request.body()))
            .onSuccess(response -> answered(call, response))
            .onFailure(call::failed);
    return call.attempt()
        .onComplete(_ -> calls.remove(call))
        .map(attempt -> new Exchanged(attempt, request.target().host(), call.answer()))
        .onComplete(_ -> kept -= call.kept());
  }

  private static Future<Exchanged> impossible(String cause) {
    return Future.succeededFuture(new Exchanged(new Attempt.Impossible(cause), "", null));
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
  private Future<RequestOptions> vetted(RequestOptions options, Target target) {
    return limits.privateTargets()
        ? Future.succeededFuture(options)
        : vertx
            .executeBlocking(() -> PrivateAddresses.vetted(bare(target.host())), false)
            .map(
                address -> {
                  String server = address.getHostAddress();
                  options.setServer(SocketAddress.inetSocketAddress(target.port(), server));
                  return options;
                });
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private void answered(Call call, HttpClientResponse response) {
    String wait = response.getHeader(HttpHeaders.RETRY_AFTER);
    call.answered(Attempt.ofStatus(response.statusCode(), RetryAfter.read(wait, clock)), response);
  }

  private void expire() {
    long now = System.nanoTime();
    boolean late = now - lookedAtNanos > 2 * EXPIRE_EVERY_MILLIS * 1_000_000;
    lookedAtNanos = now;
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

  /** One request under way, until it has become an {@link Attempt}. */
  private final class Call {
    private final Promise<Attempt> promise = Promise.promise();
    private final long deadlineNanos;
    private @Nullable HttpClientRequest request;
    private @Nullable Attempt outcome;
    private int read;
    private @Nullable Buffer body;
    private String contentType = "";

    Call(long deadlineNanos) {
      this.deadlineNanos = deadlineNanos;
    }

    Future<Attempt> attempt() {
      return promise.future();
    }

    Future<HttpClientResponse> send(HttpClientRequest opened, @Nullable Buffer body) {
      // The response's future tells all that happens; without a handler it would be logged as well.
      opened.exceptionHandler(_ -> {});
      if (promise.future().isComplete()) {
        var _ = opened.reset();
        return Future.failedFuture("too late");
      }
      request = opened;
      return body == null ? opened.send() : opened.send(body);
    }

    /** Its status decides; the rest is read so that the connection can be used again. */
    void answered(Attempt decided, HttpClientResponse response) {
      outcome = decided;
      if (decided instanceof Attempt.Delivered) {
        body = Buffer.buffer();
        String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
        contentType = type == null ? "" : type;
      }
      response.handler(this::count);
      response.exceptionHandler(_ -> promise.tryComplete(decided));
      response.endHandler(_ -> promise.tryComplete(decided));
    }

    private void count(Buffer chunk) {
      read += chunk.length();
      keep(chunk);
      if (read > Answer.MAX_BYTES) {
        end("answer too long");
      }
    }

    private void keep(Buffer chunk) {
      if (body == null) {
        return;
      }
      int more = Math.min(chunk.length(), MOST_KEPT - body.length());
      if (kept + more > MOST_KEPT_AT_ONCE) {
        kept -= body.length();
        body = null;
      } else {
        body.appendBuffer(chunk, 0, more);
        kept += more;
      }
    }

    int kept() {
      return body == null ? 0 : body.length();
    }

    @Nullable Answer answer() {
      return body == null ? null : new Answer(body, contentType);
    }

    void failed(Throwable cause) {
      promise.tryComplete(
          switch (cause) {
            case IllegalArgumentException refused ->
                new Attempt.Impossible(String.valueOf(refused.getMessage()));
            case UnknownHostException _ -> new Attempt.Unavailable("unknown host", null);
            default -> new Attempt.Unavailable(text(cause), null);
          });
    }

    private static String text(Throwable cause) {
      String message = cause.getMessage();
      return message == null ? cause.getClass().getSimpleName() : message;
    }

    /** Ends it if its time is over; false if it is not. */
    boolean expire(long nowNanos) {
      if (nowNanos - deadlineNanos < 0) {
        return false;
      }
      end("no answer in time");
      return true;
    }

    private void end(String why) {
      promise.tryComplete(outcome == null ? new Attempt.Unavailable(why, null) : outcome);
      if (request != null) {
        var _ = request.reset();
      }
    }
  }
}
