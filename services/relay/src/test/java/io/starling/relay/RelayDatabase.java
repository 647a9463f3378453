package io.starling.relay;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.EventId;
import io.starling.contract.Origin;
import io.starling.embedded.EmbeddedDatabase;
import io.starling.postgres.DatabaseConfig;
import io.starling.postgres.Migrations;
import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** A real PostgreSQL with the relay's schema, and what tests put into it. */
public final class RelayDatabase implements AutoCloseable {
  private final EmbeddedDatabase server;
  private final AtomicLong sequence = new AtomicLong();
  public final Vertx vertx = Vertx.vertx();
  public final PrimaryPool pool;

  private RelayDatabase(EmbeddedDatabase server) {
    this.server = server;
    this.pool =
        PrimaryPool.open(vertx, "test", DatabaseConfig.of(server.uri()), new SimpleMeterRegistry());
  }

  /** One without any schema. */
  public static RelayDatabase empty(Path folder) {
    return new RelayDatabase(EmbeddedDatabase.start(folder));
  }

  /** One as the relay makes it. */
  public static RelayDatabase start(Path folder) {
    var database = empty(folder);
    database.migrate();
    return database;
  }

  public void migrate() {
    var _ = get(new Migrations(vertx, pool).migrate("relay", "classpath:db/relay").map(true));
  }

  public static <T> T get(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing within 30 s", e);
    }
  }

  /** The next event of a device. */
  public Event event(AccountId account, DeviceId device, int product, String name, long atMillis) {
    long number = sequence.incrementAndGet();
    return new Event(
        new EventId(device, 1, number),
        Origin.DEVICE,
        account,
        product,
        name,
        Buffer.buffer(Long.toString(number)),
        EventClass.NORMAL,
        atMillis);
  }

  /** Runs one statement, and answers its first column. */
  public List<Object> sql(String statement, Object... parameters) {
    var rows =
        get(
            pool.withConnection(
                connection -> connection.preparedQuery(statement).execute(Tuple.from(parameters))));
    var first = new ArrayList<Object>();
    for (Row row : rows) {
      first.add(row.getValue(0));
    }
    return first;
  }

  public String jdbcUrl() {
    return server.jdbcUrl();
  }

  /** The database goes away. */
  public void stop() {
    server.stop();
  }

  @Override
  public void close() {
    var _ = get(vertx.close().map(true));
    server.close();
  }
}
