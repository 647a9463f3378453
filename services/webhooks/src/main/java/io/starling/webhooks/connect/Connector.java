package io.starling.webhooks.connect;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Opens requests to a host over connections to those of its addresses that are allowed, one after
 * another until one can be connected to. The names in TLS and in the header {@code Host} stay those
 * of the URL. Belongs to one event loop.
 */
public final class Connector {
  /** So long where there is another address to try. */
  private static final int IMPATIENT_MILLIS = 2_000;

  private final Addresses addresses;
  private final Clients clients;

  /** Connections by these clients. */
  public Connector(Resolver resolver, PrivateTargets privates, Clients clients) {
    addresses = new Addresses(resolver, privates);
    this.clients = clients;
  }

  /**
   * Opens a request that has its host and port; nothing is sent yet.
   *
   * @return fails with {@link IllegalArgumentException} if it may not go there
   */
  public Future<HttpClientRequest> open(
      HttpClient client, RequestOptions options, Progress progress) {
    return addresses
        .of(options.getHost())
        .compose(
            all -> {
              progress.resolved(System.nanoTime());
              return open(client, options, all);
            })
        .onSuccess(opened -> measure(opened, progress));
  }

  private Future<HttpClientRequest> open(
      HttpClient client, RequestOptions options, List<InetAddress> left) {
    var address = left.getFirst();
    var others = left.subList(1, left.size());
    var server = SocketAddress.inetSocketAddress(options.getPort(), address.getHostAddress());
    var pinned =
        new RequestOptions(options)
            .setServer(server)
            .setConnectTimeout(others.isEmpty() ? Clients.CONNECT_MILLIS : IMPATIENT_MILLIS);
    return client
        .request(pinned)
        .onSuccess(_ -> addresses.reached(options.getHost(), address))
        .recover(
            cause ->
                !others.isEmpty() && isOfAddress(cause)
                    ? open(client, options, others)
                    : Future.failedFuture(cause));
  }

  /** Another address may work; a certificate that is wrong is wrong everywhere. */
  private static boolean isOfAddress(Throwable cause) {
    return cause instanceof SocketException || cause instanceof TimeoutException;
  }

  private void measure(HttpClientRequest opened, Progress progress) {
    var connection = opened.connection();
    boolean isFresh = clients.isFirstOf(connection);
    progress.opened(System.nanoTime(), isFresh, isFresh ? Handshakes.beganNanos(connection) : 0);
  }
}
