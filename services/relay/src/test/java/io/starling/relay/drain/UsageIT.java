package io.starling.relay.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
import io.starling.contract.HistoryRequest.UsageNote;
import io.starling.contract.UsageKind;
import io.starling.journal.Position;
import io.starling.relay.RelayDatabase;
import io.starling.relay.history.History;
import io.starling.relay.retention.RetentionLoop;
import io.starling.relay.retention.RetentionRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of events, in a real PostgreSQL. */
class UsageIT {
  private static final Instant NOW = Instant.parse("2026-11-23T09:30:00Z");
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long HOUR_AT = Instant.parse("2026-11-23T09:00:00Z").toEpochMilli();
  private static final int PRODUCT = 7;

  @TempDir Path folder;
  private final AccountId ann = AccountId.create();
  private final DeviceId device = DeviceId.create();
  private final DeviceId other = DeviceId.create();
  private RelayDatabase database;
  private EventStore store;

  @BeforeEach
  void start() {
    database = RelayDatabase.start(folder);
    store = new EventStore(database.pool, _ -> 0);
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private List<Event> events(DeviceId device, int count, long atMillis) {
    var events = new ArrayList<Event>();
    for (int i = 0; i < count; i++) {
      events.add(database.event(ann, device, PRODUCT, "temp", atMillis + i));
    }
    return events;
  }

  private static long bytes(List<Event> events) {
    return events.stream().mapToLong(it -> it.name().length() + it.data().length()).sum();
  }

  /** As a drain does it; from a cursor of its own. */
  private void drain(String journal, int shard, List<Event> events) {
    var lane = new Lane(journal, shard, EventClass.NORMAL);
    var from = RelayDatabase.get(store.cursor(lane, Position.START, 1));
    var to = new Position(from.index() + 1, 0);
    assertThat(RelayDatabase.get(store.store(lane, events, from, to, 1))).isTrue();
  }

  private List<Used> used(@Nullable DeviceId device, int product, boolean byDay) {
    var asked =
        new HistoryRequest.Usage(
            ann,
            product,
            device,
            null,
            NOW.toEpochMilli() - 24 * HOUR,
            NOW.toEpochMilli() + 24 * HOUR,
            byDay);
    return ((HistoryReply.UsageFound) answer(asked)).used();
  }

  private HistoryReply answer(HistoryRequest asked) {
    return RelayDatabase.get(new History(database.pool).answer(asked).map(it -> it));
  }

  private static Used used(long atMillis, long events, long bytes) {
    return new Used(atMillis, events, bytes, Map.of());
  }

  private void note(String source, long batch, UsageNote... notes) {
    var asked = new HistoryRequest.NoteUsage(source, batch, List.of(notes));
    assertThat(answer(asked)).isEqualTo(new HistoryReply.UsageNoted());
  }

  private UsageNote of(@Nullable DeviceId device, long hour, UsageKind kind, long count) {
    return new UsageNote(ann, PRODUCT, device, hour, kind, count);
  }

  @Test
  void eachEventCountsOnceHoweverOftenItIsDrained() {
    var now = NOW.toEpochMilli();
    var events = new ArrayList<>(events(device, 5, now));
    events.addAll(events(other, 3, now));
    drain("journal", 0, events);
    // A restored journal is another one: all of it is drained again, and some that is new.
    var more = events(device, 2, now + HOUR);
    var again = new ArrayList<>(events);
    again.addAll(more);
    drain("restored", 0, again);
    drain("restored", 1, events);

    long hour = Instant.parse("2026-11-23T09:00:00Z").toEpochMilli();
    assertThat(used(null, PRODUCT, false))
        .containsExactly(used(hour, 8, bytes(events)), used(hour + HOUR, 2, bytes(more)));
    assertThat(used(device, PRODUCT, true))
        .containsExactly(
            used(
                Instant.parse("2026-11-23T00:00:00Z").toEpochMilli(),
                7,
                bytes(events.subList(0, 5)) + bytes(more)));
    assertThat(used(null, 0, false)).isEqualTo(used(null, PRODUCT, false));
    assertThat(used(null, PRODUCT + 1, false)).isEmpty();
  }

  @Test
  void nothingCountsOfWhatIsNotStored() {
    drain("journal", 0, events(device, 1, NOW.toEpochMilli()));
    var lane = new Lane("journal", 0, EventClass.NORMAL);
    var stale =
        store.store(
            lane, events(device, 4, NOW.toEpochMilli()), Position.START, new Position(9, 0), 1);
    assertThat(RelayDatabase.get(stale)).isFalse();
    assertThat(used(device, 0, false)).extracting(Used::events).containsExactly(1L);
  }

  @Test
  void aBatchOfCountsThatComesTwiceCountsOnce() {
    var calls = of(device, HOUR_AT, UsageKind.FUNCTION_SUCCESS, 3);
    var none = of(null, HOUR_AT, UsageKind.FUNCTION_SUCCESS, 2);
    note("a", 1, calls, none);
    note("a", 1, calls, none);
    note("b", 1, calls);
    note("a", 2, of(other, HOUR_AT + HOUR, UsageKind.FUNCTION_OFFLINE, 1));
    note("a", 1, calls);

    assertThat(used(null, PRODUCT, false))
        .containsExactly(
            new Used(HOUR_AT, 0, 0, Map.of(UsageKind.FUNCTION_SUCCESS, 8L)),
            new Used(HOUR_AT + HOUR, 0, 0, Map.of(UsageKind.FUNCTION_OFFLINE, 1L)));
    assertThat(used(device, PRODUCT, false))
        .containsExactly(new Used(HOUR_AT, 0, 0, Map.of(UsageKind.FUNCTION_SUCCESS, 6L)));
  }

  @Test
  void aDeviceIsOnlineInAnHourOnceWhicheverGatewaysHaveIt() {
    drain("journal", 0, events(device, 1, NOW.toEpochMilli()));
    note("a", 1, of(device, HOUR_AT, UsageKind.ONLINE_SECONDS, 20));
    note("a", 2, of(device, HOUR_AT, UsageKind.ONLINE_SECONDS, 20));
    note(
        "b",
        1,
        of(device, HOUR_AT, UsageKind.ONLINE_SECONDS, 5),
        of(other, HOUR_AT, UsageKind.ONLINE_SECONDS, 60),
        of(other, HOUR_AT + HOUR, UsageKind.ONLINE_SECONDS, 60));

    var hours = used(null, PRODUCT, false);
    assertThat(hours)
        .extracting(used -> used.count(UsageKind.ONLINE_DEVICES))
        .containsExactly(2L, 1L);
    assertThat(hours.getFirst().count(UsageKind.ONLINE_SECONDS)).isEqualTo(105);
    assertThat(hours.getFirst().events()).isEqualTo(1);
    var day = used(null, PRODUCT, true);
    assertThat(day).extracting(used -> used.count(UsageKind.ONLINE_DEVICES)).containsExactly(2L);
    assertThat(day.getFirst().count(UsageKind.ONLINE_SECONDS)).isEqualTo(165);
  }

  @Test
  void someDevicesAreToldTogether() {
    note(
        "a",
        1,
        of(device, HOUR_AT, UsageKind.ONLINE_SECONDS, 20),
        of(other, HOUR_AT, UsageKind.ONLINE_SECONDS, 30),
        of(DeviceId.create(), HOUR_AT, UsageKind.ONLINE_SECONDS, 40));
    var asked =
        new HistoryRequest.Usage(
            ann, PRODUCT, null, List.of(device, other), HOUR_AT, HOUR_AT + HOUR, false);

    assertThat(((HistoryReply.UsageFound) answer(asked)).used())
        .containsExactly(
            new Used(
                HOUR_AT,
                0,
                0,
                Map.of(UsageKind.ONLINE_SECONDS, 50L, UsageKind.ONLINE_DEVICES, 2L)));
  }

  @Test
  void drainsOfAllShardsCountTogether() {
    var both = new ArrayList<>(events(device, 2, NOW.toEpochMilli()));
    drain("journal", 0, both);
    drain("journal", 1, events(other, 3, NOW.toEpochMilli()));
    assertThat(used(null, PRODUCT, false)).extracting(Used::events).containsExactly(5L);
  }

  @Test
  void whatIsOldIsForgotten() {
    drain("journal", 0, events(device, 2, NOW.toEpochMilli()));
    note("a", 1, of(device, HOUR_AT, UsageKind.CONNECTION, 1));
    var later = NOW.plus(Duration.ofDays(64));
    var loop =
        new RetentionLoop(
            database.pool, new RetentionRules(365), java.time.InstantSource.fixed(later));
    var _ = RelayDatabase.get(loop.turn().map(true));
    assertThat(used(device, 0, false)).isEmpty();
    assertThat(used(null, PRODUCT, false))
        .singleElement()
        .satisfies(used -> assertThat(used.count(UsageKind.CONNECTION)).isEqualTo(1));
  }
}
