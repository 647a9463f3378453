package io.starling.relay.retention;

import io.starling.postgres.PrimaryPool;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The partitions below {@code relay.event}, and the counts of usage that are over. */
final class PartitionStore {
  private static final String FIND =
      """
      SELECT day.relname FROM pg_inherits
      JOIN pg_class day ON day.oid = inhrelid JOIN pg_class tree ON tree.oid = inhparent
      JOIN pg_namespace space ON space.oid = tree.relnamespace
      WHERE space.nspname = 'relay' AND tree.relname ~ '^event_[0-9]{1,3}$' AND day.relkind = 'r'
      """;
  private static final String MAKE = "SELECT relay.ensure_day($1, $2)";
  private static final String DROP = "DROP TABLE relay.";
  private static final String FORGET =
      """
      DELETE FROM relay.%1$s WHERE ctid = ANY (ARRAY(SELECT ctid FROM relay.%1$s WHERE %2$s < $1 LIMIT 20000))
      """;
  private static final List<String> FORGET_DEVICES =
      List.of(
          FORGET.formatted("usage_device", "hour"),
          FORGET.formatted("count_device", "hour"),
          FORGET.formatted("count_source", "at"));
  private static final List<String> FORGET_PRODUCTS =
      List.of(FORGET.formatted("usage_product", "hour"), FORGET.formatted("count_product", "hour"));
  private static final String LIMIT = "SET LOCAL lock_timeout = '200ms'";
  private static final String TAKE =
      "SELECT pg_try_advisory_xact_lock(hashtext('relay.retention')) AS taken";

  private final PrimaryPool pool;

  PartitionStore(PrimaryPool pool) {
    this.pool = pool;
  }

  Future<Set<Partition>> find() {
    return pool.withConnection(
        connection ->
            connection
                .query(FIND)
                .execute()
                .map(
                    rows -> {
                      var found = new HashSet<Partition>();
                      for (Row row : rows) {
                        Partition.named(row.getString("relname")).ifPresent(found::add);
                      }
                      return found;
                    }));
  }

  /**
   * Makes one.
   *
   * @return false if another node is at it
   */
  Future<Boolean> make(Partition partition) {
    return alone(
        connection ->
            connection
                .preparedQuery(MAKE)
                .execute(Tuple.of(partition.day(), partition.tree()))
                .mapEmpty());
  }

  /**
   * Drops one, with all that is in it.
   *
   * @return false if another node is at it
   */
  Future<Boolean> drop(Partition partition) {
    return alone(connection -> connection.query(DROP + partition.table()).execute().mapEmpty());
  }

  /** Forgets some of what devices used before. */
  Future<Boolean> forgetDevices(OffsetDateTime before) {
    return forget(FORGET_DEVICES, before);
  }

  /** Forgets some of what was used in products before. */
  Future<Boolean> forgetProducts(OffsetDateTime before) {
    return forget(FORGET_PRODUCTS, before);
  }

  private Future<Boolean> forget(List<String> statements, OffsetDateTime before) {
    return alone(
        connection -> {
          Future<Void> done = Future.succeededFuture();
          for (String statement : statements) {
            done =
                done.compose(
                    _ -> connection.preparedQuery(statement).execute(Tuple.of(before)).mapEmpty());
          }
          return done;
        });
  }

  private Future<Boolean> alone(Function<SqlConnection, Future<Void>> work) {
    return pool.withTransaction(
        connection ->
            connection
                .query(LIMIT)
                .execute()
                .compose(set -> connection.query(TAKE).execute())
                .compose(
                    rows ->
                        rows.iterator().next().getBoolean("taken")
                            ? work.apply(connection).map(true)
                            : Future.succeededFuture(false)));
  }
}
