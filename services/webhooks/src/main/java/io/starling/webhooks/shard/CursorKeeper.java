package io.starling.webhooks.shard;

import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.shard.Lane.Pin;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Moves the cursors of one shard, in the one order that is safe: first the lanes' own ones, then,
 * once the relay has confirmed these, the main one, and last it removes what is of no use. Belongs
 * to one event loop; one turn at a time.
 */
final class CursorKeeper {
  /** The main cursor. */
  static final String MAIN = "webhooks";

  private static final long EVERY_MILLIS = 200;
  private static final long MOVE_LANES_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 5_000;

  private final ShardClient client;
  private final Lanes lanes;
  private final Supplier<Mark> mainReadAt;
  private final InstantSource clock;

  /** The furthest that the main cursor may stand at the relay: whatever was ever asked for. */
  private JournalPosition furthest;

  /** Where the relay has the main cursor for certain. */
  private JournalPosition confirmed;

  private long lookedAtMillis;

  CursorKeeper(
      ShardClient client,
      Lanes lanes,
      Supplier<Mark> mainReadAt,
      InstantSource clock,
      JournalPosition main) {
    this.client = client;
    this.lanes = lanes;
    this.mainReadAt = mainReadAt;
    this.clock = clock;
    this.furthest = main;
    this.confirmed = main;
    this.lookedAtMillis = clock.millis();
  }

  /** Somebody else moved cursors of this shard: what is known here is of no use any more. */
  static final class Foreign extends RuntimeException {
    Foreign(String message) {
      super(message, null, false, false);
    }
  }

  /** One round; completes with the pause until the next. Fails if the relay does not answer. */
  Future<Long> turn() {
    long now = clock.millis();
    lanes.sort(now, furthest);
    return look(now)
        .compose(_ -> setLanes(now))
        .compose(_ -> setMain())
        .compose(_ -> dropLanes())
        .map(EVERY_MILLIS);
  }

  private Future<Void> look(long now) {
    return now - lookedAtMillis < LOOK_MILLIS ? Future.succeededFuture() : compare();
  }

  /** Asks the relay what it holds, and goes by that. */
  Future<Void> compare() {
    return client
        .cursors(MAIN)
        .compose(
            held -> {
              lookedAtMillis = clock.millis();
              return compare(held);
            });
  }

  private Future<Void> compare(RelayReply.Cursors held) {
    var main = held.cursors().get(MAIN);
    if (main != null && main.compareTo(furthest) > 0) {
      return Future.failedFuture(new Foreign("the main cursor was moved by another"));
    }
    for (String name : held.cursors().keySet()) {
      if (name.startsWith(Lane.PREFIX) && !isOurs(name)) {
        return Future.failedFuture(new Foreign("another has made the cursor " + name));
      }
    }
    for (var lane : lanes.all()) {
      if (lane.pin == Pin.HELD && !held.cursors().containsKey(lane.consumer())) {
        // A leader that crashed within the second may have lost it.
        lane.pin = Pin.WANTED;
      }
    }
    confirmed = main == null ? held.start() : main;
    return Future.succeededFuture();
  }

  private boolean isOurs(String name) {
    return lanes.all().stream()
        .anyMatch(lane -> lane.pin != Pin.NONE && lane.consumer().equals(name));
  }

  private Future<?> setLanes(long now) {
    var due = lanes.all().stream().filter(lane -> isDue(lane, now)).map(this::set).toList();
    return due.isEmpty() ? Future.succeededFuture() : Future.all(due);
  }

  private static boolean isDue(Lane lane, long now) {
    return lane.pin == Pin.WANTED
        || (lane.pin == Pin.HELD
            && now - lane.pinnedAtMillis >= MOVE_LANES_MILLIS
            && lane.low().map(low -> low.position().compareTo(lane.pinnedAt) > 0).orElse(false));
  }

  private Future<?> set(Lane lane) {
    var position = lane.low().map(Mark::position).orElse(confirmed);
    lane.pinnedAtMillis = clock.millis();
    return client
        .setCursor(lane.consumer(), position)
        .onSuccess(
            _ -> {
              lane.pinnedAt = position;
              lane.pin = lane.pin == Pin.WANTED ? Pin.HELD : lane.pin;
            });
  }

  private Future<?> setMain() {
    var target = lanes.mainCursor(mainReadAt.get());
    if (target.compareTo(confirmed) <= 0) {
      return Future.succeededFuture();
    }
    furthest = target.compareTo(furthest) > 0 ? target : furthest;
    return client.setCursor(MAIN, target).onSuccess(_ -> confirmed = target);
  }

  private Future<?> dropLanes() {
    List<Lane> useless = lanes.all().stream().filter(lane -> lane.pin == Pin.DROPPING).toList();
    if (useless.isEmpty()) {
      return Future.succeededFuture();
    }
    // Only who still is the one to move cursors may take one away.
    return compare().compose(_ -> Future.all(useless.stream().map(this::drop).toList()));
  }

  private Future<?> drop(Lane lane) {
    return client
        .removeCursor(lane.consumer())
        .onSuccess(_ -> lane.pin = lane.pin == Pin.DROPPING ? Pin.NONE : lane.pin);
  }
}
