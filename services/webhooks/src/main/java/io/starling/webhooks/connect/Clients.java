package io.starling.webhooks.connect;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The HTTP clients, which keep connections open: one that checks certificates, and one that does
 * not. A kept connection is only used again for the same host <em>and</em> the same address.
 * Belongs to one event loop.
 */
public final class Clients {
  static final int CONNECT_MILLIS = 5_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final Vertx vertx;
  private final int inFlight;
  private final HttpClient checking;
  private final HttpClient trusting;

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
    checking = open(options().setTrustAll(false).setVerifyHost(true));
    trusting = open(options().setTrustAll(true).setVerifyHost(false));
  }

  private static HttpClientOptions options() {
    return new HttpClientOptions()
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
    connection.closeHandler(_ -> fresh.remove(connection));
  }

  /** The client for requests that check who answers, or for the others. */
  public HttpClient of(boolean checksCertificate) {
    return checksCertificate ? checking : trusting;
  }

  /** Tells whether it is this connection's first request. */
  boolean isFirstOf(HttpConnection connection) {
    return fresh.remove(connection);
  }
}
