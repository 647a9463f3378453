package io.starling.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/**
 * Brings a service's schema up to date, on the primary.
 *
 * <p>Safe to run in several processes at once: they queue for a lock of the database. Runs on a
 * worker. Migrations that are there but unknown here (a newer release's, in a rolling upgrade) are
 * left alone; ones that were changed after they ran are refused.
 */
public final class Migrations {
  private static final String BOOTSTRAP = "classpath:io/starling/postgres/migration";

  /** The key of the lock that migrating processes queue for: any fixed number. */
  private static final long LOCK = 7_825_417_329_846L;

  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Vertx vertx;
  private final PrimaryPool pool;

  /** Uses the pool only to learn who is the primary. */
  public Migrations(Vertx vertx, PrimaryPool pool) {
    this.vertx = vertx;
    this.pool = pool;
  }

  /**
   * Runs what is missing of the scripts at {@code location} (such as {@code
   * classpath:io/starling/accounts/migration}) in {@code schema}, which is created and holds the
   * history of it.
   *
   * @return fails with {@link DatabaseUnavailable} when it should be tried again later, and with
   *     {@code FlywayException} when a script is wrong
   */
  public Future<Void> migrate(String schema, String location) {
    return pool.tenure()
        .compose(tenure -> vertx.executeBlocking(() -> migrate(tenure, schema, location), false));
  }

  private @Nullable Void migrate(Tenure tenure, String schema, String location) throws Exception {
    PrimaryDataSource primary =
        new PrimaryDataSource(tenure.candidate(), tenure.term(), pool.config().connectTimeout());
    try (Connection connection = primary.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set lock_timeout = '120s'");
      statement.execute("select pg_advisory_lock(" + LOCK + ")"); // until the connection ends
      run(primary, "starling", BOOTSTRAP);
      run(primary, schema, location);
      return null;
    } catch (SQLException | FlywayException e) {
      throw translated(e);
    }
  }

  private static void run(PrimaryDataSource primary, String schema, String location) {
    var result =
        Flyway.configure()
            .dataSource(primary)
            .loggers("slf4j")
            .schemas(schema)
            .locations(location)
            .failOnMissingLocations(true)
            .placeholderReplacement(false)
            .load()
            .migrate();
    if (!result.success) {
      throw new FlywayException("the migration of " + schema + " did not succeed");
    }
  }

  private static Exception translated(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && isPassing(sql.getSQLState())) {
        return new DatabaseUnavailable("migrating: " + FailureRules.text(sql), failure);
      }
    }
    return failure;
  }

  private static boolean isPassing(@Nullable String sqlState) {
    return sqlState != null
        && (FailureRules.meaning(sqlState) != FailureRules.Meaning.CALLER
            || sqlState.equals(LOCK_NOT_AVAILABLE));
  }
}
