package io.starling.relay.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.journal.Position;
import io.starling.relay.RelayDatabase;
import io.starling.relay.retention.RetentionLoop;
import io.starling.relay.retention.RetentionRules;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long events are kept, in a real PostgreSQL. */
class EventRetentionIT {
  private static final Lane LANE = new Lane("journal", 0, EventClass.NORMAL);
  private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
  private static final int SHORT = 1;
  private static final int LONG = 2;
  private static final int UNSAID = 3;

  @TempDir Path folder;
  private final AccountId ann = AccountId.create();
  private final DeviceId device = DeviceId.create();
  private final AtomicInteger daysOfShort = new AtomicInteger(7);
  private RelayDatabase database;
  private EventStore store;
  private Position end = Position.START;

  @BeforeEach
  void start() {
    database = RelayDatabase.empty(folder);
    store = new EventStore(database.pool, this::treeOf);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private int treeOf(int product) {
    return product == SHORT ? daysOfShort.get() : product == LONG ? 90 : 0;
  }

  private void open() {
    database.migrate();
    end = RelayDatabase.get(store.cursor(LANE, Position.START, 1));
  }

  private Event event(int product, int daysAgo) {
    return database.event(
        ann, device, product, "tick", NOW.minus(Duration.ofDays(daysAgo)).toEpochMilli());
  }

  private void drain(Event... events) {
    var to = new Position(end.index() + 1, 0);
    assertThat(RelayDatabase.get(store.store(LANE, List.of(events), end, to, 1))).isTrue();
    end = to;
  }

  private RetentionLoop loop(Instant now) {
    return new RetentionLoop(database.pool, new RetentionRules(30), () -> now);
  }

  private static void turn(RetentionLoop loop) {
    var _ = RelayDatabase.get(loop.turn().map(true));
  }

  private Stream<Object> kept() {
    return database
        .sql(
            "SELECT product || ' ' || (date '2026-11-23' - published_at::date) FROM relay.event ORDER BY product, published_at DESC")
        .stream();
  }

  private List<Object> tables() {
    return database.sql(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'relay'::regnamespace AND relkind = 'r' AND relname LIKE 'event%' ORDER BY 1");
  }

  @Test
  void isAsLongAsTheProductSaysOrElseTheService() {
    open();
    drain(
        Stream.of(SHORT, LONG, UNSAID)
            .flatMap(product -> Stream.of(0, 7, 8, 30, 31, 90, 91).map(ago -> event(product, ago)))
            .toArray(Event[]::new));

    turn(loop(NOW));

    assertThat(kept())
        .containsExactly(
            "1 0", "1 7", "2 0", "2 7", "2 8", "2 30", "2 31", "2 90", "3 0", "3 7", "3 8", "3 30");
    assertThat(tables()).doesNotContain("event_7_20261115").contains("event_7_20261116");
  }

  @Test
  void isChangedForWhatHappensFromThenOn() {
    open();
    drain(event(SHORT, 10));
    daysOfShort.set(30);
    drain(event(SHORT, 9));

    turn(loop(NOW));

    assertThat(kept()).containsExactly("1 9");
  }

  @Test
  void storesAnEventThatIsSentTwiceOnce() {
    open();
    var twice = event(SHORT, 0);
    var unsaid = event(UNSAID, 0);
    drain(twice, unsaid);
    drain(twice, event(SHORT, 0), unsaid);

    assertThat(kept()).containsExactly("1 0", "1 0", "3 0");
  }

  @Test
  void makesTheNextDayBeforeItComesWhereItWillBeNeeded() {
    open();
    drain(event(SHORT, 0));

    turn(loop(NOW));

    assertThat(tables())
        .containsExactly(
            "event_20261123", "event_20261124", "event_7_20261123", "event_7_20261124");
  }

  @Test
  void drainsOnIntoADayThatWasDroppedMeanwhile() {
    open();
    drain(event(SHORT, 20));
    turn(loop(NOW));

    var to = new Position(end.index() + 1, 0);
    var again = List.of(event(SHORT, 20));
    assertThat(store.store(LANE, again, end, to, 1).transform(Future::succeededFuture))
        .satisfies(tried -> assertThat(RelayDatabase.get(tried).failed()).isTrue());
    drain(event(SHORT, 20));
    assertThat(kept()).containsExactly("1 20");
  }

  @Test
  void waitsForNobodyWhoReads() {
    open();
    drain(event(SHORT, 20), event(LONG, 0));
    Promise<Void> leaves = Promise.promise();
    Promise<Void> reads = Promise.promise();
    var reader =
        database.pool.withTransaction(
            Duration.ofSeconds(30),
            connection ->
                connection
                    .query("SELECT count(*) FROM relay.event")
                    .execute()
                    .onSuccess(_ -> reads.complete())
                    .compose(_ -> leaves.future()));
    var _ = RelayDatabase.get(reads.future().map(true));

    long began = System.nanoTime();
    turn(loop(NOW));
    drain(event(SHORT, 0));
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(tables()).contains("event_7_20261103");

    leaves.complete();
    var _ = RelayDatabase.get(reader.map(true));
    turn(loop(NOW));
    assertThat(tables()).doesNotContain("event_7_20261103");
  }

  @Test
  void takesOverWhatWasThereBefore() {
    var _ =
        Flyway.configure()
            .dataSource(database.jdbcUrl(), null, null)
            .schemas("relay")
            .locations("classpath:db/relay")
            .target("4")
            .load()
            .migrate();
    for (int ago : new int[] {0, 31}) {
      var day = LocalDate.ofInstant(NOW, ZoneOffset.UTC).minusDays(ago);
      var _ = database.sql("SELECT relay.ensure_day($1)", day);
      var _ =
          database.sql(
              "INSERT INTO relay.event (published_at, origin_id, epoch, sequence, origin, class, account, product, name, data) VALUES ($1::date + interval '9 h', $2, 1, 1, 0, 1, $3, 0, 'tick', '')",
              day,
              device.toString(),
              ann.toString());
    }
    var files =
        "SELECT relfilenode::bigint FROM pg_class WHERE relname = 'event_"
            + DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.ofInstant(NOW, ZoneOffset.UTC))
            + "'";
    var before = database.sql(files);

    open();

    assertThat(database.sql(files)).isEqualTo(before);
    assertThat(kept()).containsExactly("0 0", "0 31");
    // The first is the very event that is there.
    drain(event(0, 0), event(0, 0));
    // As a relay of before does it, in the midst of an upgrade.
    var _ = database.sql("SELECT relay.ensure_day(date '2026-11-25')");
    assertThat(tables()).contains("event_20261125");
    turn(loop(NOW));
    assertThat(kept()).containsExactly("0 0", "0 0");
  }
}
