package io.starling.relay.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.starling.contract.AccountId;
import io.starling.contract.DeviceId;
import io.starling.contract.Event;
import io.starling.contract.EventClass;
import io.starling.contract.HistoryReply;
import io.starling.contract.HistoryReply.Used;
import io.starling.contract.HistoryRequest;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of events, in a real PostgreSQL. */
class UsageIT {
  private static final Instant NOW = Instant.parse("2026-11-23T09:30:00Z");
  private static final long HOUR = Duration.ofHours(1).toMillis();
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
            NOW.toEpochMilli() - 24 * HOUR,
            NOW.toEpochMilli() + 24 * HOUR,
            byDay);
    var reply = RelayDatabase.get(new History(database.pool).answer(asked).map(it -> it));
    return ((HistoryReply.UsageFound) reply).used();
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
        .containsExactly(new Used(hour, 8, bytes(events)), new Used(hour + HOUR, 2, bytes(more)));
    assertThat(used(device, PRODUCT, true))
        .containsExactly(
            new Used(
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
  void drainsOfAllShardsCountTogether() {
    var both = new ArrayList<>(events(device, 2, NOW.toEpochMilli()));
    drain("journal", 0, both);
    drain("journal", 1, events(other, 3, NOW.toEpochMilli()));
    assertThat(used(null, PRODUCT, false)).extracting(Used::events).containsExactly(5L);
  }

  @Test
  void whatIsOldIsForgotten() {
    drain("journal", 0, events(device, 2, NOW.toEpochMilli()));
    var later = NOW.plus(Duration.ofDays(64));
    var loop =
        new RetentionLoop(
            database.pool, new RetentionRules(365), java.time.InstantSource.fixed(later));
    var _ = RelayDatabase.get(loop.turn().map(true));
    assertThat(used(device, 0, false)).isEmpty();
    assertThat(used(null, PRODUCT, false)).hasSize(1);
  }
}
