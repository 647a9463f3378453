package io.starling.webhooks.connect;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the name servers of this machine and its hosts file, without a thread that waits; answers
 * are kept for as long as the name servers allow.
 */
public final class SystemResolver implements Resolver {
  private static final int SECONDS = 5;

  /** Look-ups under way at once: a name server that does not answer must not pile them up. */
  private static final int MOST = 1_000;

  private final VertxInternal vertx;
  private int underWay;

  /** The names that this Vert.x knows; belongs to one event loop. */
  public SystemResolver(Vertx vertx) {
    this.vertx = (VertxInternal) vertx;
  }

  @Override
  public Future<List<InetAddress>> resolve(String name) {
    if (underWay >= MOST) {
      return Future.failedFuture("too many host names are being looked up");
    }
    underWay++;
    Promise<List<InetSocketAddress>> found = Promise.promise();
    vertx.nameResolver().resolveAll(name, found::handle);
    return found
        .future()
        .onComplete(_ -> underWay--)
        .timeout(SECONDS, TimeUnit.SECONDS)
        .map(all -> all.stream().map(InetSocketAddress::getAddress).toList())
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof TimeoutException
                        ? new UnknownHostException("no answer from the name server")
                        : cause));
  }
}
