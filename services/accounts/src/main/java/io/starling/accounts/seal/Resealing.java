package io.starling.accounts.seal;

import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals anew what an older key sealed, or none. Several nodes may do so at once. */
public final class Resealing {
  private static final Logger LOG = LoggerFactory.getLogger(Resealing.class);

  private final PrimaryPool database;
  private final List<Function<SqlConnection, Future<Integer>>> parts;

  /**
   * Of these.
   *
   * @param parts each seals some anew and completes with how many; 0 once there are none left
   */
  public Resealing(PrimaryPool database, List<Function<SqlConnection, Future<Integer>>> parts) {
    this.database = database;
    this.parts = List.copyOf(parts);
  }

  /** Seals all anew for which it is due. */
  public Future<Void> run() {
    return run(0);
  }

  private Future<Void> run(int before) {
    return database
        .withTransaction(this::turn)
        .compose(
            count -> {
              if (count > 0) {
                return run(before + count);
              }
              if (before > 0) {
                LOG.info("{} secrets are sealed with the key in use now", before);
              }
              return Future.succeededFuture();
            });
  }

  private Future<Integer> turn(SqlConnection connection) {
    Future<Integer> all = Future.succeededFuture(0);
    for (var part : parts) {
      all = all.compose(count -> part.apply(connection).map(more -> count + more));
    }
    return all;
  }
}
