package io.starling.relay.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventBatch;
import io.starling.contract.EventClass;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.ConnectionsFound;
import io.starling.contract.HistoryReply.EventsFound;
import io.starling.contract.HistoryReply.EventsReply;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.Events;
import io.starling.contract.Origin;
import io.starling.relay.RelayDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of events, out of a real PostgreSQL. */
class EventHistoryIT {
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final String INSERT =
      """
      INSERT INTO relay.event (published_at, origin_id, epoch, sequence, origin, class, account, product, name, data)
      SELECT $1::timestamptz + n * $2 * interval '1 millisecond', $3, 1, n, 0, $9, $4, $5, $6, convert_to(repeat('x', $7), 'UTF8')
      FROM generate_series(0, $8 - 1) AS n
      """;

  @TempDir Path folder;
  private final AccountId ann = AccountId.create();
  private final DeviceId device = DeviceId.create();
  private final long now = System.currentTimeMillis();
  private RelayDatabase database;
  private History history;

  @BeforeEach
  void start() {
    database = RelayDatabase.start(folder);
    history = new History(database.pool);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  /** So many events, one after the other. */
  private record Some(
      AccountId account, DeviceId device, int product, String name, int bytes, EventClass of) {
    Some(AccountId account, DeviceId device, String name) {
      this(account, device, 0, name, 1, EventClass.NORMAL);
    }
  }

  private void happen(Some some, long from, int count, long everyMillis) {
    for (long at = from; at <= from + count * everyMillis + DAY; at += DAY) {
      var _ =
          database.sql(
              "SELECT relay.ensure_day($1)",
              LocalDate.ofInstant(Instant.ofEpochMilli(at), ZoneOffset.UTC));
    }
    var _ =
        database.sql(
            INSERT,
            Instant.ofEpochMilli(from).atOffset(ZoneOffset.UTC),
            everyMillis,
            some.device().toString(),
            some.account().toString(),
            some.product(),
            some.name(),
            some.bytes(),
            count,
            (short) some.of().code());
  }

  private static Events all(AccountId account) {
    return new Events(
        account, 0, null, null, false, null, null, 0, Long.MAX_VALUE, true, null, 1_000);
  }

  private Events named(@Nullable String name, boolean exact, @Nullable EventClass of) {
    return new Events(ann, 0, null, name, exact, of, null, 0, Long.MAX_VALUE, true, null, 1_000);
  }

  private Events ordered(long start, long end, boolean newestFirst, int limit) {
    return new Events(ann, 0, null, null, false, null, null, start, end, newestFirst, null, limit);
  }

  private EventsReply ask(HistoryRequest request) {
    return (EventsReply) RelayDatabase.<HistoryReply>get(history.answer(request).map(it -> it));
  }

  private List<List<Event>> pages(Events request) {
    var pages = new ArrayList<List<Event>>();
    for (var next = request; next != null; ) {
      var found = (EventsFound) ask(next);
      pages.add(EventBatch.decode(found.events()));
      next = found.next() == null ? null : next.from(found.next());
    }
    return pages;
  }

  private List<Event> read(Events request) {
    return pages(request).stream().flatMap(List::stream).toList();
  }

  @Test
  void turnsPagesWithoutLossOrRepetitionAlsoWhereManyHappenAtOnce() {
    for (int i = 0; i < 3; i++) {
      happen(new Some(ann, DeviceId.create(), "tick"), now - 20 * DAY, 40, 12 * 3_600_000);
      happen(new Some(ann, DeviceId.create(), "burst"), now - 3 * DAY, 30, 0);
    }
    var order =
        Comparator.comparingLong(Event::publishedAtMillis)
            .thenComparing(event -> event.id().origin().toString())
            .thenComparingLong(event -> event.id().sequence());

    for (boolean newestFirst : new boolean[] {true, false}) {
      var pages = pages(ordered(0, Long.MAX_VALUE, newestFirst, 7));
      var events = pages.stream().flatMap(List::stream).toList();
      assertThat(pages).allMatch(page -> page.size() <= 7);
      assertThat(events).isSortedAccordingTo(newestFirst ? order.reversed() : order);
      assertThat(new HashSet<>(events.stream().map(Event::id).toList())).hasSize(210);
      assertThat(events).hasSize(210);
    }
  }

  @Test
  void keepsToTheRangeWhoseEndIsNotInIt() {
    happen(new Some(ann, device, "tick"), now - 1_000, 10, 100);

    var found = read(ordered(now - 800, now - 500, false, 100));

    assertThat(found.stream().map(event -> event.id().sequence())).containsExactly(2L, 3L, 4L);
  }

  @Test
  void showsOnlyWhatIsTheAccountsTheProductsAndTheDevices() {
    var bob = AccountId.create();
    var other = DeviceId.create();
    happen(new Some(ann, device, 7, "a", 1, EventClass.NORMAL), now - 5_000, 2, 1);
    happen(new Some(ann, other, 7, "b", 1, EventClass.NORMAL), now - 4_000, 3, 1);
    happen(new Some(ann, other, 0, "c", 1, EventClass.NORMAL), now - 3_000, 4, 1);
    happen(new Some(bob, other, 7, "d", 1, EventClass.NORMAL), now - 2_000, 5, 1);

    assertThat(names(all(ann))).containsOnly("a", "b", "c").hasSize(9);
    assertThat(names(of(7, null))).containsOnly("a", "b").hasSize(5);
    assertThat(names(of(0, other))).containsOnly("b", "c").hasSize(7);
    assertThat(names(of(7, other))).containsOnly("b").hasSize(3);
    assertThat(names(all(bob))).containsOnly("d").hasSize(5);
  }

  private Events of(int product, @Nullable DeviceId device) {
    return new Events(
        ann, product, device, null, false, null, null, 0, Long.MAX_VALUE, true, null, 1_000);
  }

  private List<String> names(Events request) {
    return read(request).stream().map(Event::name).toList();
  }

  @Test
  void findsByNameByItsStartByClassAndByOrigin() {
    happen(new Some(ann, device, "door/front"), now - 3_000, 1, 1);
    happen(new Some(ann, device, "door"), now - 2_000, 1, 1);
    happen(new Some(ann, device, 0, "fire", 1, EventClass.CRITICAL), now - 1_000, 1, 1);

    assertThat(names(named("door", true, null))).containsExactly("door");
    assertThat(names(named("door", false, null))).containsExactly("door", "door/front");
    assertThat(names(named("d%r", false, null))).isEmpty();
    assertThat(names(named(null, false, EventClass.CRITICAL))).containsExactly("fire");
    var byApps =
        new Events(
            ann, 0, null, null, false, null, Origin.API, 0, Long.MAX_VALUE, true, null, 1_000);
    assertThat(names(byApps)).isEmpty();
  }

  @Test
  void looksAtSoManyRowsOnlyAndTellsWhereToGoOn() {
    happen(new Some(ann, device, "rare"), now - 60_000, 1, 1);
    happen(new Some(ann, device, "often"), now - 59_000, EventHistoryStore.MAX_SCANNED + 500, 1);
    var request = named("rare", true, null);

    var first = (EventsFound) ask(request);
    assertThat(first.events().length()).isZero();
    assertThat(first.next()).isNotNull();
    assertThat(names(request)).containsExactly("rare");
  }

  @Test
  void findsADevicesVitalsAmongAllElseAtOnce() {
    happen(new Some(ann, device, Events.VITALS), now - 60_000, 2, 1);
    happen(new Some(ann, device, "often"), now - 59_000, EventHistoryStore.MAX_SCANNED + 500, 1);
    var request =
        new Events(
            ann, 0, device, Events.VITALS, true, null, null, 0, Long.MAX_VALUE, true, null, 1);

    var last = (EventsFound) ask(request);

    assertThat(EventBatch.decode(last.events()).getFirst().id().sequence()).isEqualTo(1);
  }

  @Test
  void findsConnectionsOfLongAgoBehindThoseOfToday() {
    happen(new Some(ann, device, "spark/status"), now - 200 * DAY, 2, 1);
    happen(new Some(ann, device, "spark/status"), now - 60_000, 1, 1);
    var request = new HistoryRequest.Connections(ann, device, null, 2);

    var first = (ConnectionsFound) RelayDatabase.get(history.answer(request).map(it -> it));
    var rest = new HistoryRequest.Connections(ann, device, first.next(), 2);
    var second = (ConnectionsFound) RelayDatabase.get(history.answer(rest).map(it -> it));

    assertThat(first.connections().stream().map(each -> each.atMillis()))
        .containsExactly(now - 60_000, now - 200 * DAY + 1);
    assertThat(second.connections().stream().map(each -> each.atMillis()))
        .containsExactly(now - 200 * DAY);
    assertThat(second.next()).isNull();
  }

  @Test
  void hasOnlySoManyBytesInAPage() {
    happen(new Some(ann, device, 0, "picture", 200_000, EventClass.NORMAL), now - 9_000, 20, 1);

    var pages = pages(all(ann));

    assertThat(pages).allMatch(page -> page.size() <= 7);
    assertThat(pages.stream().mapToInt(List::size).sum()).isEqualTo(20);
  }

  /** As an export does it: each page on its own, from where the one before ended. */
  @Test
  void tellsTwoHundredThousandEventsByPagesOfAThousand() {
    happen(new Some(ann, device, "tick"), now - 4_000_000, 200_000, 20);
    long told = 0;
    int pages = 0;
    for (var next = all(ann); next != null; pages++) {
      var page = (EventsFound) ask(next);
      var events = EventBatch.decode(page.events());
      assertThat(events.size()).isLessThanOrEqualTo(1_000);
      assertThat(page.events().length()).isLessThan(1 << 18);
      for (var event : events) {
        told++;
        assertThat(event.id().sequence()).isEqualTo(200_000 - told);
      }
      next = page.next() == null ? null : next.from(page.next());
    }
    assertThat(told).isEqualTo(200_000);
    assertThat(pages).isBetween(200, 300);
  }

  @Test
  void isToldWithinASecondThatThereIsNoDatabase() {
    database.stop();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> ask(all(ann)) instanceof HistoryReply.DatabaseDown);

    long began = System.nanoTime();
    assertThat(ask(all(ann))).isInstanceOf(HistoryReply.DatabaseDown.class);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void refusesAPlaceThatIsNone() {
    IntStream.range(0, 3)
        .mapToObj(i -> List.of("", "here", "zzzzzzzzzzzz--0-0").get(i))
        .forEach(
            text ->
                assertThat(ask(all(ann).from(text))).isInstanceOf(HistoryReply.PlaceUnknown.class));
  }
}
