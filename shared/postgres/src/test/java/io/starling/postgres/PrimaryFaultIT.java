package io.starling.postgres;

import static io.starling.postgres.Databases.execute;
import static io.starling.postgres.Databases.note;
import static io.starling.postgres.Databases.notes;
import static io.starling.postgres.Databases.takesNotes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.starling.embedded.EmbeddedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One database that stops, freezes, turns read-only, or is not there yet. */
@Timeout(120)
class PrimaryFaultIT {
  private static final Logger log = LoggerFactory.getLogger(PrimaryFaultIT.class);
  private static final Duration OFTEN = Duration.ofMillis(10);

  @TempDir Path folder;
  private Databases databases;
  private EmbeddedDatabase database;

  @BeforeEach
  void startDatabase() {
    databases = new Databases(folder);
    database = databases.start("only");
  }

  @AfterEach
  void stopEverything() {
    databases.close();
  }

  @Test
  void failsAtOnceWhileTheDatabaseIsStoppedAndWorksSoonAfter() {
    PrimaryPool pool = databases.serving(database);
    note(pool, "before").await();
    database.stop();
    long stopped = System.nanoTime();
    assertThatThrownBy(() -> note(pool, "without").await()).isInstanceOf(DatabaseUnavailable.class);
    assertThat(millisSince(stopped)).isLessThan(1000);
    await().until(() -> !pool.health().isUp());
    long down = System.nanoTime();
    for (int i = 0; i < 1000; i++) {
      assertThat(catchThrowable(() -> note(pool, "down").await()))
          .isInstanceOf(DatabaseUnavailable.class)
          .hasMessageContaining("there is no primary");
    }
    assertThat(millisSince(down)).isLessThan(1000);
    database.restart();
    long back = System.nanoTime();
    await().pollInterval(OFTEN).until(() -> takesNotes(pool, "after"));
    log.info("works {} ms after the database", millisSince(back));
    assertThat(millisSince(back)).isLessThan(1500);
    assertThat(notes(database)).containsExactly("before", "after");
  }

  @Test
  void endsWhatAFrozenDatabaseHoldsAndNeverFinishesIt() {
    PrimaryPool pool = databases.serving(database);
    note(pool, "before").await();
    Promise<Void> begun = Promise.promise();
    Promise<Void> frozen = Promise.promise();
    Future<Void> transaction =
        pool.withTransaction(
            connection ->
                note(connection, "in a transaction")
                    .onSuccess(_ -> begun.complete())
                    .compose(_ -> frozen.future())
                    .compose(_ -> note(connection, "the rest of it")));
    begun.future().await();
    database.freeze();
    long start = System.nanoTime();
    frozen.complete();
    assertThatThrownBy(transaction::await).isInstanceOf(DatabaseUnavailable.class);
    log.info("noticed {} ms after it froze", millisSince(start));
    assertThat(millisSince(start)).isLessThan(4000);
    await().until(() -> !pool.health().isUp());
    long down = System.nanoTime();
    assertThatThrownBy(() -> note(pool, "down").await()).isInstanceOf(DatabaseUnavailable.class);
    assertThat(millisSince(down)).isLessThan(200);
    database.thaw();
    long thawed = System.nanoTime();
    await().pollInterval(OFTEN).until(() -> takesNotes(pool, "after"));
    log.info("works {} ms after it thawed", millisSince(thawed));
    assertThat(millisSince(thawed)).isLessThan(2000);
    assertThat(notes(database)).containsExactly("before", "after");
  }

  @Test
  void aPromptTransactionKnowsWithinASecondThatTheDatabaseIsFrozen() {
    PrimaryPool pool = databases.serving(database);
    await()
        .atMost(Duration.ofSeconds(60))
        // A busy machine may be late once, and not each time.
        .untilAsserted(
            () -> {
              await().until(() -> takesNotes(pool, "before"));
              database.freeze();
              long start = System.nanoTime();
              try {
                assertThatThrownBy(() -> promptly(pool, "select 1", "frozen").await())
                    .isInstanceOf(DatabaseUnavailable.class);
                assertThat(millisSince(start)).isLessThan(1000);
              } finally {
                database.thaw();
              }
            });
    await().until(() -> takesNotes(pool, "after"));
    assertThat(notes(database)).contains("before", "after").doesNotContain("frozen");
  }

  @Test
  void aPromptTransactionWaitsForADatabaseThatIsSlowButAnswers() {
    PrimaryPool pool = databases.serving(database);
    promptly(pool, "select pg_sleep(1.5)", "slow").await();
    assertThat(notes(database)).containsExactly("slow");
  }

  private static Future<Void> promptly(PrimaryPool pool, String first, String text) {
    return pool.withPromptTransaction(
        connection -> connection.query(first).execute().compose(_ -> note(connection, text)));
  }

  @Test
  void endsEveryCallOfAStormOnAFrozenDatabase() {
    PrimaryPool pool = databases.serving(database);
    database.freeze();
    long start = System.nanoTime();
    List<Future<Void>> storm =
        IntStream.range(0, 1000).mapToObj(i -> note(pool, "storm " + i)).toList();
    for (Future<Void> call : storm) {
      assertThat(catchThrowable(call::await)).isInstanceOf(DatabaseUnavailable.class);
    }
    assertThat(millisSince(start)).isLessThan(4000);
    database.thaw();
    await().until(() -> pool.health().isUp());
    for (int i = 0; i < 100; i++) {
      note(pool, "after").await();
    }
    assertThat(pool.inUse()).isZero();
  }

  @Test
  void waitsForADatabaseThatStartsLater() {
    database.stop();
    PrimaryPool pool = databases.open(database);
    long start = System.nanoTime();
    assertThatThrownBy(() -> note(pool, "early").await()).isInstanceOf(DatabaseUnavailable.class);
    assertThat(millisSince(start)).isLessThan(1500);
    database.restart();
    await().until(() -> pool.health().isUp());
    note(pool, "after").await();
    assertThat(notes(database)).containsExactly("after");
  }

  @Test
  void leavesADatabaseWhileItIsReadOnly() {
    PrimaryPool pool = databases.serving(database);
    execute(database, "alter system set default_transaction_read_only = on");
    execute(database, "select pg_reload_conf()");
    await().until(() -> !pool.health().isUp());
    assertThatThrownBy(() -> note(pool, "down").await()).isInstanceOf(DatabaseUnavailable.class);
    execute(database, "alter system reset default_transaction_read_only");
    execute(database, "select pg_reload_conf()");
    await().until(() -> pool.health().isUp());
    note(pool, "after").await();
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
