package io.starling.webhooks.shard;

import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.note.Positions;
import io.starling.webhooks.parked.ShardParking;
import io.starling.webhooks.shard.Lane.Pin;
import io.starling.webhooks.shard.Ways.Way;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The lanes of one shard, and the rules by which one leaves the common way and comes back to it.
 * Belongs to one event loop.
 */
final class Lanes {
  private static final long FORGET_IDLE_MILLIS = 30_000;

  private final Matcher matcher;
  private final Dispatcher dispatcher;
  private final ShardParking parking;
  private final long slowMillis;
  private final Runnable onUnfed;
  private final Supplier<Mark> mainReadAt;
  private final Ways ways;
  private final Map<IntegrationId, Lane> lanes = new HashMap<>();
  private boolean closed;

  /**
   * No lanes yet.
   *
   * @param slowMillis how long a delivery may hold up the main cursor
   * @param onUnfed called when a lane has something to read by itself, or room for it
   * @param mainReadAt where the reader of the whole shard has come to
   */
  Lanes(
      Matcher matcher,
      Dispatcher dispatcher,
      ShardParking parking,
      long slowMillis,
      Runnable onUnfed,
      InstantSource clock,
      Supplier<Mark> mainReadAt) {
    this.matcher = matcher;
    this.dispatcher = dispatcher;
    this.parking = parking;
    this.slowMillis = slowMillis;
    this.onUnfed = onUnfed;
    this.ways = new Ways(parking, clock);
    this.mainReadAt = mainReadAt;
  }

  /** Takes up a lane that an earlier life had a cursor for; it shall have one of this life. */
  void resume(AccountId account, IntegrationId integration, JournalPosition position) {
    var lane = open(account, integration, Mark.at(position), false);
    lane.pin = Pin.WANTED;
  }

  private Lane open(AccountId account, IntegrationId integration, Mark readAt, boolean fed) {
    // The backlog needs the lane before there is one: it is looked up when it is needed.
    var backlog = dispatcher.open(account, integration, () -> finished(integration));
    parking.opened(backlog);
    var lane = new Lane(backlog, readAt, fed);
    lanes.put(integration, lane);
    return lane;
  }

  private void finished(IntegrationId integration) {
    var lane = lanes.get(integration);
    if (lane != null && lane.reads() && dispatcher.wantsMore(lane.backlog)) {
      onUnfed.run();
    }
  }

  /** The lane of an integration, opened if this event is the first that is for it. */
  Lane of(Hook hook, Mark mark) {
    var id = hook.integration().id();
    var lane = lanes.get(id);
    return lane == null ? open(hook.integration().account(), id, mark, true) : lane;
  }

  /** Tells whether events of a lane have to wait, and it has to read by itself. */
  boolean waits(Hook hook) {
    return hook.isPaused() || parking.isAhead(hook);
  }

  /** How far the shard's deliveries have come. */
  Positions standing() {
    var others = mainCursor(mainReadAt.get());
    var own = new HashMap<IntegrationId, JournalPosition>();
    for (var lane : lanes.values()) {
      if (lane.pin == Pin.HELD) {
        lane.low().ifPresent(low -> own.put(lane.integration(), low.position()));
      }
    }
    return new Positions(others, own);
  }

  /** Where the first event of an integration is that its lane, if there is one, did not see. */
  Mark front(IntegrationId integration) {
    var lane = lanes.get(integration);
    var read = mainReadAt.get();
    return lane == null ? read : lane.front(read);
  }

  /** Takes a lane, which may not have this event yet, from the common way. */
  void unfeed(Lane lane, Mark mark) {
    lane.unfeed(mark);
    onUnfed.run();
  }

  /** Where the main cursor may stand at most. */
  JournalPosition mainCursor(Mark mainReadAt) {
    var lowest = mainReadAt.position();
    for (var lane : lanes.values()) {
      if (lane.pin != Pin.HELD) {
        var low = lane.low().map(Mark::position).orElse(lowest);
        lowest = low.compareTo(lowest) < 0 ? low : lowest;
      }
    }
    return lowest;
  }

  /**
   * Decides who leaves and who comes back.
   *
   * @param mainCursor the furthest that the main cursor may stand at the relay
   */
  void sort(long now, JournalPosition mainCursor) {
    lanes.values().removeIf(lane -> isIdle(lane, now));
    for (var lane : lanes.values()) {
      var hook = find(lane);
      if (hook.isEmpty()) {
        dispatcher.drop(lane.backlog);
        lane.fed = true;
      } else if (hook.get().isPaused() && dispatcher.giveUpPaused(lane.backlog, hook.get())) {
        lane.fed = true;
      } else if (!ways.hold(lane, hook.get(), mainReadAt.get())
          && (hook.get().isPaused() || shouldLetGo(lane))) {
        lane.backlog.shed().ifPresent(lane::unfeed);
      }
      lane.pin = pin(lane, now, mainCursor);
    }
  }

  private Optional<Hook> find(Lane lane) {
    return matcher.find(lane.backlog.account(), lane.integration());
  }

  /** What becomes of what a lane reads by itself now. */
  Way way(Lane lane) {
    // Of one that is gone reading tells that nothing is for it.
    return find(lane).map(hook -> ways.of(lane, hook)).orElse(Way.DELIVER);
  }

  /**
   * What an endpoint that does not answer, or holds much while memory is short, can read again
   * later, is not kept.
   */
  private boolean shouldLetGo(Lane lane) {
    return lane.backlog.hasFresh()
        && (lane.backlog.isProbing() || (dispatcher.isTight() && lane.backlog.size() > 1));
  }

  private Pin pin(Lane lane, long now, JournalPosition mainCursor) {
    boolean slow =
        !lane.fed || lane.backlog.isBehind() || lane.backlog.oldestHeldMillis(now) > slowMillis;
    return switch (lane.pin) {
      case NONE -> slow ? Pin.WANTED : Pin.NONE;
      case DROPPING -> slow ? Pin.WANTED : Pin.DROPPING;
      case WANTED -> lane.low().isEmpty() ? Pin.DROPPING : Pin.WANTED;
      case HELD -> {
        // What the main cursor has passed already stays covered by its own.
        boolean covered =
            lane.low().map(low -> low.position().compareTo(mainCursor) >= 0).orElse(true);
        yield !slow && covered ? Pin.DROPPING : Pin.HELD;
      }
    };
  }

  private boolean isIdle(Lane lane, long now) {
    if (!lane.fed || lane.backlog.oldest().isPresent() || lane.pin != Pin.NONE) {
      lane.busyAtMillis = now;
    }
    boolean idle = now - lane.busyAtMillis > FORGET_IDLE_MILLIS;
    if (idle) {
      dispatcher.close(lane.backlog);
    }
    return idle;
  }

  /** Starts what has become due. */
  void startDue() {
    for (var lane : lanes.values()) {
      if (lane.backlog.size() > 0) {
        dispatcher.start(lane.backlog);
      }
    }
  }

  /** Forgets all, for good; what is under way ends without consequence. */
  void close() {
    closed = true;
    lanes.values().forEach(lane -> dispatcher.close(lane.backlog));
    lanes.clear();
  }

  /** Tells whether all was forgotten: what is read is for nobody, and no cursor may move. */
  boolean isClosed() {
    return closed;
  }

  /** Those that read by themselves and have room. */
  List<Lane> hungry() {
    return withRoom(lane -> !lane.fed, true);
  }

  /** Those that have something to read again and have room. */
  List<Lane> behind() {
    return withRoom(lane -> lane.backlog.isBehind(), false);
  }

  private List<Lane> withRoom(Predicate<Lane> which, boolean toPark) {
    var all = new ArrayList<Lane>();
    for (var lane : lanes.values()) {
      if (which.test(lane) && hasRoom(lane, toPark)) {
        all.add(lane);
      }
    }
    return all;
  }

  private boolean hasRoom(Lane lane, boolean toPark) {
    var way = way(lane);
    return way == Way.PARK ? toPark : way == Way.DELIVER && dispatcher.wantsMore(lane.backlog);
  }

  Collection<Lane> all() {
    return lanes.values();
  }

  /** How many have a cursor of their own. */
  int parked() {
    return (int) lanes.values().stream().filter(lane -> lane.pin == Pin.HELD).count();
  }

  /** When the oldest event was published that holds up the main cursor. */
  long oldestPublishedMillis(long fallback) {
    long oldest = fallback;
    for (var lane : lanes.values()) {
      if (lane.pin != Pin.HELD) {
        oldest = Math.min(oldest, lane.backlog.oldestPublishedMillis(fallback));
      }
    }
    return oldest;
  }
}
