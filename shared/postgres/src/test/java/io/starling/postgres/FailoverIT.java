package io.starling.postgres;

import static io.starling.postgres.Databases.execute;
import static io.starling.postgres.Databases.note;
import static io.starling.postgres.Databases.notes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starling.embedded.EmbeddedDatabase;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Several databases of which one is the primary, and others were, or think that they are. */
@Timeout(120)
class FailoverIT {
  private static final Logger log = LoggerFactory.getLogger(FailoverIT.class);

  @TempDir Path folder;
  private Databases databases;
  private EmbeddedDatabase first;

  @BeforeEach
  void startDatabase() {
    databases = new Databases(folder);
    first = databases.start("first");
  }

  @AfterEach
  void stopEverything() {
    databases.close();
  }

  @Test
  void followsAPromotionAndNeverWritesToThePrimaryThatComesBack() {
    EmbeddedDatabase second = databases.standby(first, "second");
    PrimaryPool pool = databases.serving(first, second);
    Writer writer = new Writer(databases.vertx, pool);
    writer.run();
    await().until(() -> writer.written() > 20);
    first.kill();
    long killed = System.nanoTime();
    second.promote();
    long promoted = millisSince(killed);
    int before = writer.written();
    await().pollInterval(Duration.ofMillis(5)).until(() -> writer.written() > before);
    log.info("promoted {} ms after the kill, writing after {}", promoted, millisSince(killed));

    first.restart();
    List<String> left = notes(first);
    int resurrected = writer.written();
    await().until(() -> writer.written() > resurrected + 200);
    assertThat(pool.health())
        .isInstanceOfSatisfying(
            DatabaseHealth.Up.class,
            up -> {
              assertThat(up.primary()).isEqualTo("127.0.0.1:" + second.port());
              assertThat(up.term()).isEqualTo(new Term(0, 2));
            });
    second.stop();
    await()
        .until(
            () ->
                pool.health() instanceof DatabaseHealth.Down down
                    && down.reason().contains("is writable in term 0.1, which is before 0.2"));
    assertThatThrownBy(() -> note(pool, "to the old one").await())
        .isInstanceOf(DatabaseUnavailable.class);
    writer.stop();
    assertThat(notes(first)).isEqualTo(left);

    second.restart();
    await().until(() -> pool.health().isUp());
    assertThat(notes(second)).containsAll(writer.since(before));
  }

  @Test
  void leavesAPrimaryThatGoesOnAfterItWasReplaced() {
    EmbeddedDatabase second = databases.standby(first, "second");
    PrimaryPool pool = databases.serving(first, second);
    Writer writer = new Writer(databases.vertx, pool);
    writer.run();
    await().until(() -> writer.written() > 20);
    second.promote();
    await().until(() -> pool.highestTerm().equals(new Term(0, 2)));
    int left = notes(first).size();
    int seen = writer.written();
    await().until(() -> writer.written() > seen + 200);
    writer.stop();
    assertThat(first.isRunning()).isTrue();
    assertThat(notes(first).size() - left).isLessThanOrEqualTo(1); // under way at that moment
  }

  @Test
  void prefersTheDatabaseThatWasRestoredLast() {
    EmbeddedDatabase second = databases.start("second");
    for (EmbeddedDatabase each : List.of(first, second)) {
      execute(each, "create schema starling");
      execute(each, "create table starling.term (restores integer)");
      execute(each, "insert into starling.term values (0)");
    }
    execute(second, "update starling.term set restores = 1");
    PrimaryPool pool = databases.serving(first, second);
    note(pool, "to the restored one").await();
    assertThat(notes(first)).isEmpty();
    assertThat(notes(second)).hasSize(1);
    execute(first, "update starling.term set restores = 2");
    await().until(() -> pool.highestTerm().equals(new Term(2, 1)));
    await().until(() -> pool.health().isUp());
    note(pool, "to the one restored later").await();
    assertThat(notes(first)).hasSize(1);
    assertThat(notes(second)).hasSize(1);
  }

  @Test
  void migratesThePrimaryOnly() {
    EmbeddedDatabase second = databases.standby(first, "second");
    PrimaryPool pool = databases.serving(first, second);
    second.promote();
    await()
        .until(
            () ->
                pool.health() instanceof DatabaseHealth.Up up && up.term().equals(new Term(0, 2)));
    new Migrations(databases.vertx, pool)
        .migrate("sample", "classpath:io/starling/postgres/sample")
        .await();
    execute(second, "select * from sample.thing");
    assertThatThrownBy(() -> execute(first, "select * from sample.thing"))
        .hasMessageContaining("does not exist");
  }

  @Test
  void refusesATermThatIsKnownToBePast() {
    PrimaryPool pool = databases.serving(first);
    note(pool, "before").await();
    pool.refuseBefore(new Term(3, 1));
    await().until(() -> !pool.health().isUp());
    assertThatThrownBy(() -> note(pool, "after").await()).isInstanceOf(DatabaseUnavailable.class);
    assertThat(notes(first)).containsExactly("before");
  }

  /** Writes one note after the other, whatever happens; knows which were acknowledged. */
  private static final class Writer {
    private final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final Promise<Void> stopped = Promise.promise();
    private final Vertx vertx;
    private final PrimaryPool pool;
    private volatile boolean stop;
    private int next;

    Writer(Vertx vertx, PrimaryPool pool) {
      this.vertx = vertx;
      this.pool = pool;
    }

    void run() {
      String text = "note " + next++;
      var _ =
          note(pool, text)
              .onSuccess(_ -> written.add(text))
              .onComplete(
                  _ -> {
                    if (stop) {
                      stopped.complete();
                    } else {
                      vertx.setTimer(2, _ -> run());
                    }
                  });
    }

    int written() {
      return written.size();
    }

    List<String> since(int index) {
      return List.copyOf(written.subList(index, written.size()));
    }

    void stop() {
      stop = true;
      stopped.future().await();
    }
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }
}
