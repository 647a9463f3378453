package io.starling.webhooks.connect;

import io.starling.webhooks.credential.Tls;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients, which keep connections open: one that checks certificates, one that does not,
 * and one for each {@link Tls} that is in use. A kept connection is only used again for the same
 * host <em>and</em> the same address. Belongs to one event loop.
 */
public final class Clients {
  static final int CONNECT_MILLIS = 5_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  /** Clients with a TLS of their own that are kept though nobody uses them just now. */
  private static final int MOST_IDLE = 256;

  private static final long SWEEP_MILLIS = 15_000;
  private static final long IDLE_NANOS = 60_000_000_000L;

  private final Vertx vertx;
  private final int inFlight;
  private final Lease checking;
  private final Lease trusting;

  /** The one used last comes last. */
  private final Map<Kind, Own> own = new LinkedHashMap<>(16, 0.75f, true);

  /** Those by which no request has gone yet. */
  private final Set<HttpConnection> fresh = Collections.newSetFromMap(new IdentityHashMap<>());

  /**
   * Clients on the caller's context.
   *
   * @param inFlight requests under way at once, over all of them
   */
  public Clients(Vertx vertx, int inFlight) {
    this.vertx = vertx;
    this.inFlight = inFlight;
    checking = new Lease(open(options(true)), null);
    trusting = new Lease(open(options(false)), null);
    vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep(System.nanoTime()));
  }

  private static HttpClientOptions options(boolean checksCertificate) {
    return new HttpClientOptions()
        .setTrustAll(!checksCertificate)
        .setVerifyHost(checksCertificate)
        .setSslEngineOptions(new Handshakes())
        .setConnectTimeout(CONNECT_MILLIS)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setTcpNoDelay(true)
        .setMaxRedirects(0);
  }

  private HttpClient open(HttpClientOptions options) {
    // One pool per host: its size must not make one integration wait for another of that host.
    var pool = new PoolOptions().setHttp1MaxSize(inFlight).setMaxWaitQueueSize(inFlight);
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(pool)
        .withConnectHandler(this::connected)
        .build();
  }

  private void connected(HttpConnection connection) {
    fresh.add(connection);
    // What fails is told by its request; without a handler it would be logged as well.
    connection.exceptionHandler(_ -> {});
    connection.closeHandler(_ -> fresh.remove(connection));
  }

  private record Kind(boolean checksCertificate, Tls tls) {}

  /** A client of its own kind, and how many requests go through it. */
  private static final class Own {
    private final HttpClient client;
    private int users;
    private long usedNanos;

    Own(HttpClient client) {
      this.client = client;
    }
  }

  /** A client to make one request with. */
  public static final class Lease {
    private final HttpClient client;
    private final @Nullable Own own;

    private Lease(HttpClient client, @Nullable Own own) {
      this.client = client;
      this.own = own;
    }

    /** The client. */
    public HttpClient client() {
      return client;
    }

    /** The request is over; to be said once. */
    public void close() {
      if (own != null) {
        own.users--;
        own.usedNanos = System.nanoTime();
      }
    }
  }

  /**
   * The client for a request.
   *
   * @param checksCertificate whether the other side must prove who it is
   * @param tls null for the usual
   */
  public Lease lease(boolean checksCertificate, @Nullable Tls tls) {
    if (tls == null) {
      return checksCertificate ? checking : trusting;
    }
    var kind = new Kind(checksCertificate, tls);
    var known = own.get(kind);
    if (known == null) {
      makeRoom();
      var options = options(checksCertificate);
      tls.addTo(options);
      known = new Own(open(options));
      own.put(kind, known);
    }
    known.users++;
    return new Lease(known.client, known);
  }

  /** Requests are never cut short for that: there are not more of them than may be under way. */
  private void makeRoom() {
    if (own.size() >= MOST_IDLE) {
      own.entrySet().stream()
          .filter(entry -> entry.getValue().users == 0)
          .findFirst()
          .ifPresent(entry -> close(entry.getKey()));
    }
  }

  /** How many have a TLS of their own. */
  int own() {
    return own.size();
  }

  void sweep(long nowNanos) {
    own.entrySet().stream()
        .filter(entry -> entry.getValue().users == 0)
        .filter(entry -> nowNanos - entry.getValue().usedNanos > IDLE_NANOS)
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::close);
  }

  private void close(Kind kind) {
    var removed = own.remove(kind);
    if (removed != null) {
      var _ = removed.client.close();
    }
  }

  /** Tells whether it is this connection's first request. */
  boolean isFirstOf(HttpConnection connection) {
    return fresh.remove(connection);
  }
}
