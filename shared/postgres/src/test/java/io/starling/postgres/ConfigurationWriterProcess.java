package io.starling.postgres;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;

/**
 * A process that writes one row after the other through a pool, as services write configuration:
 * prints {@code acked ROW MILLIS} for each that was acknowledged, and ends with its input.
 */
final class ConfigurationWriterProcess {
  static final String ACKED = "acked ";
  private static final int PAUSE_MILLIS = 20;

  private final Vertx vertx;
  private final PrimaryPool pool;
  private final int writer;
  private int next;

  private ConfigurationWriterProcess(Vertx vertx, PrimaryPool pool, int writer) {
    this.vertx = vertx;
    this.pool = pool;
    this.writer = writer;
  }

  public static void main(String[] arguments) throws IOException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    DatabaseConfig config = DatabaseConfig.of(arguments[0]).withPoolSize(2);
    PrimaryPool pool = PrimaryPool.open(vertx, "writer", config, new SimpleMeterRegistry());
    var writer = new ConfigurationWriterProcess(vertx, pool, Integer.parseInt(arguments[1]));
    vertx.runOnContext(_ -> writer.write());
    int _ = System.in.read();
    System.exit(0);
  }

  private void write() {
    int row = next++;
    pool.withTransaction(
            connection ->
                connection
                    .preparedQuery("insert into configured values ($1, $2)")
                    .execute(Tuple.of(writer, row))
                    .<Void>mapEmpty())
        .onSuccess(_ -> System.out.println(ACKED + row + " " + System.currentTimeMillis()))
        .recover(_ -> Future.succeededFuture())
        .onComplete(_ -> vertx.setTimer(PAUSE_MILLIS, _ -> write()));
  }
}
