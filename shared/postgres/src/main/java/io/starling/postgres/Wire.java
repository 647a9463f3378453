package io.starling.postgres;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.spi.PgDriver;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.Connection;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The sockets below the connections; the only place that knows the client's internals.
 *
 * <p>Closing a connection of the client asks the server to end it, or gives it back to its pool
 * with the query still under way: neither ends anything if the server is frozen. And what then
 * thaws would go on with a transaction whose caller was told that it failed. So the socket is
 * closed.
 */
final class Wire {
  private Wire() {}

  /** Closes the socket now; whatever is under way on it fails. Any thread, any number of times. */
  static void cut(SqlConnection connection) {
    if (bottom(connection) instanceof SocketConnectionBase base) {
      var _ = base.socket().close();
    }
  }

  /**
   * Cuts a connection that its pool has lent, in place of giving it back: the pool gets it when it
   * has noticed that it is broken, and not before, or it would hand it to the next call.
   */
  static void discard(SqlConnection lent) {
    if (bottom(lent) instanceof SocketConnectionBase base) {
      Handler<Void> giveBack = _ -> base.context().runOnContext(_ -> lent.close());
      lent.closeHandler(giveBack);
      if (isBroken(lent)) {
        giveBack.handle(null);
      } else {
        cut(lent);
      }
    }
  }

  /** Failures are told by the future of what was asked; without this they go to stderr as well. */
  static void quiet(SqlConnection connection) {
    var _ = connection.exceptionHandler(_ -> {});
  }

  /** Whether nothing more can be asked on this connection. */
  static boolean isBroken(SqlConnection connection) {
    return !bottom(connection).isValid();
  }

  /** TCP settings for connections that must not stay silent for longer than this. */
  static NetClientOptions transport(Duration connectTimeout, Duration longestSilence) {
    return new NetClientOptions()
        .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis()))
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setReadIdleTimeout(Math.toIntExact(longestSilence.toMillis()));
  }

  /** Opens single connections that belong to no pool. */
  static ConnectionFactory<PgConnectOptions> connections(Vertx vertx, NetClientOptions transport) {
    return PgDriver.INSTANCE.createConnectionFactory(vertx, transport);
  }

  static Future<SqlConnection> connect(
      ConnectionFactory<PgConnectOptions> factory, Context context, PgConnectOptions options) {
    return factory.connect(context, options).onSuccess(Wire::quiet);
  }

  private static Connection bottom(SqlConnection connection) {
    return ((SqlConnectionInternal) connection).unwrap().unwrap();
  }
}
