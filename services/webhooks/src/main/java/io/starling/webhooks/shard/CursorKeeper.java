package io.starling.webhooks.shard;

import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.shard.Lane.Pin;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Moves the cursors of one life of a follower, in the one order that is safe: first the lanes' own
 * ones, then, once the relay has confirmed these, the main one, and last it removes what is of no
 * use, such as the cursors of earlier lives. Does nothing any more once the lanes are closed: what
 * is not known cannot hold up a cursor. Belongs to one event loop; one turn at a time.
 */
final class CursorKeeper {
  private static final long EVERY_MILLIS = 200;
  private static final long MOVE_LANES_MILLIS = 1_000;
  private static final long LOOK_MILLIS = 5_000;

  /** Changes of one kind in one turn: the relay takes about a thousand at once. */
  private static final int MOST_AT_ONCE = 250;

  private final ShardClient client;
  private final Lanes lanes;
  private final Supplier<Mark> mainReadAt;
  private final InstantSource clock;
  private final long life;

  /** The furthest that the main cursor may stand at the relay: whatever was ever asked for. */
  private JournalPosition furthest;

  /** Where the relay has the main cursor for certain; null if it may have none. */
  private @Nullable JournalPosition confirmed;

  /** Cursors that the relay holds for nobody. */
  private List<CursorName> useless;

  private long lookedAtMillis;

  /**
   * A keeper of cursors that are not set yet.
   *
   * @param main where the main one begins
   * @param held what the relay holds
   */
  CursorKeeper(
      ShardClient client,
      Lanes lanes,
      Supplier<Mark> mainReadAt,
      InstantSource clock,
      long life,
      JournalPosition main,
      RelayReply.Cursors held) {
    this.client = client;
    this.lanes = lanes;
    this.mainReadAt = mainReadAt;
    this.clock = clock;
    this.life = life;
    this.furthest = main;
    this.useless = useless(held);
    this.lookedAtMillis = clock.millis();
  }

  /** A later life follows this shard: what is known here is of no use any more. */
  static final class Superseded extends RuntimeException {
    Superseded(String message) {
      super(message, null, false, false);
    }
  }

  /** One round; completes with the pause until the next. Fails if the relay does not answer. */
  Future<Long> turn() {
    long now = clock.millis();
    lanes.sort(now, furthest);
    return look(now)
        .compose(_ -> step(() -> setLanes(now)))
        .compose(_ -> step(this::setMain))
        .compose(_ -> step(this::dropLanes))
        .compose(_ -> step(this::clean))
        .map(EVERY_MILLIS);
  }

  private Future<?> step(Supplier<Future<?>> next) {
    return lanes.isClosed() ? Future.failedFuture(new Superseded("it is over")) : next.get();
  }

  private Future<Void> look(long now) {
    return now - lookedAtMillis < LOOK_MILLIS ? Future.succeededFuture() : compare();
  }

  /** Asks the relay what it holds, and goes by that. */
  Future<Void> compare() {
    return client
        .cursors(CursorName.PREFIX)
        .compose(
            held -> {
              lookedAtMillis = clock.millis();
              return compare(held);
            });
  }

  private Future<Void> compare(RelayReply.Cursors held) {
    if (CursorSet.lastLife(held.cursors()) > life) {
      return Future.failedFuture(new Superseded("a later life has set cursors"));
    }
    for (var lane : lanes.all()) {
      if (lane.pin == Pin.HELD && !held.cursors().containsKey(name(lane).toString())) {
        // A leader that crashed within the second may have lost it.
        lane.pin = Pin.WANTED;
      }
    }
    confirmed = held.cursors().get(CursorName.main(life).toString());
    useless = useless(held);
    return Future.succeededFuture();
  }

  private List<CursorName> useless(RelayReply.Cursors held) {
    var names = new ArrayList<CursorName>();
    for (String text : held.cursors().keySet()) {
      CursorName.read(text).filter(this::isUseless).ifPresent(names::add);
    }
    return names;
  }

  private boolean isUseless(CursorName name) {
    boolean unknown =
        lanes.all().stream().noneMatch(lane -> lane.pin != Pin.NONE && name(lane).equals(name));
    return name.life() < life || (name.life() == life && !name.isMain() && unknown);
  }

  private CursorName name(Lane lane) {
    return new CursorName(life, lane.integration());
  }

  private Future<?> setLanes(long now) {
    return each(lanes.all().stream().filter(lane -> isDue(lane, now)).map(lane -> () -> set(lane)));
  }

  private static Future<?> each(Stream<Supplier<Future<?>>> changes) {
    var asked = changes.limit(MOST_AT_ONCE).map(Supplier::get).toList();
    return asked.isEmpty() ? Future.succeededFuture() : Future.all(asked);
  }

  private static boolean isDue(Lane lane, long now) {
    return lane.pin == Pin.WANTED
        || (lane.pin == Pin.HELD
            && now - lane.pinnedAtMillis >= MOVE_LANES_MILLIS
            && lane.low().map(low -> low.position().compareTo(lane.pinnedAt) > 0).orElse(false));
  }

  private Future<?> set(Lane lane) {
    var position = lane.low().map(Mark::position).orElse(furthest);
    lane.pinnedAtMillis = clock.millis();
    return client
        .setCursor(name(lane), position)
        .onSuccess(
            _ -> {
              lane.pinnedAt = position;
              lane.pin = lane.pin == Pin.WANTED ? Pin.HELD : lane.pin;
            });
  }

  private Future<?> setMain() {
    var target = lanes.mainCursor(mainReadAt.get());
    if (confirmed != null && target.compareTo(confirmed) <= 0) {
      return Future.succeededFuture();
    }
    furthest = target.compareTo(furthest) > 0 ? target : furthest;
    return client.setCursor(CursorName.main(life), target).onSuccess(_ -> confirmed = target);
  }

  private Future<?> dropLanes() {
    return each(
        lanes.all().stream()
            .filter(lane -> lane.pin == Pin.DROPPING)
            .map(lane -> () -> drop(lane)));
  }

  private Future<?> drop(Lane lane) {
    return client
        .removeCursor(name(lane))
        .onSuccess(_ -> lane.pin = lane.pin == Pin.DROPPING ? Pin.NONE : lane.pin);
  }

  /** Only once this life's set counts. */
  private Future<?> clean() {
    if (confirmed == null || useless.isEmpty()) {
      return Future.succeededFuture();
    }
    // A lane may have come to need its cursor since this was looked at.
    var all = useless.stream().filter(this::isUseless).toList();
    return each(all.stream().map(name -> () -> client.removeCursor(name)))
        .onSuccess(_ -> useless = all.stream().skip(MOST_AT_ONCE).toList());
  }
}
