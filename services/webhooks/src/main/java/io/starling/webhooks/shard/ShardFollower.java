package io.starling.webhooks.shard;

import io.micrometer.core.instrument.Gauge;
import io.starling.bootstrap.Node;
import io.starling.contract.AccountId;
import io.starling.contract.IntegrationId;
import io.starling.contract.JournalPosition;
import io.starling.contract.RelayReply;
import io.starling.directory.Directory;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.note.Notes;
import io.starling.webhooks.parked.Parking;
import io.starling.webhooks.parked.ShardParking;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of one shard to their endpoints, for as long as this process holds the shard's
 * lease. Starts where the journal's cursors stand, and finds the shard's leader again whenever it
 * is lost. Waits until the directory was in step once: before, nothing would match. Belongs to one
 * event loop.
 */
public final class ShardFollower {
  private static final Logger LOG = LoggerFactory.getLogger(ShardFollower.class);
  private static final AccountId NOBODY = new AccountId(0, 0);
  private static final long LEASE_EVERY_MILLIS = 500;
  private static final long NOT_OURS_MILLIS = 200;
  private static final long NOT_READY_MILLIS = 50;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LAST_PAUSE_MILLIS = 1_000;
  private static final long LAST_CALLS_MILLIS = 500;

  private final int shard;
  private final Directory directory;
  private final Matcher matcher;
  private final Dispatcher dispatcher;
  private final Parking parking;
  private final InstantSource clock;
  private final long slowMillis;
  private final ShardLease lease;
  private final ShardClient client;
  private final Turns leaseTurns;
  private final Turns mainTurns;
  private final Turns laneTurns;
  private final Turns cursorTurns;
  private final Turns parkTurns;
  private final Turns replayTurns;

  // While the lease is held.
  private @Nullable Following following;
  private boolean connected;
  private int failures;

  // For those who look from other threads.
  private volatile boolean ours;
  private volatile long lagMillis;
  private volatile int parked;

  private record Following(
      Lanes lanes,
      MainReader main,
      LaneReader laneReader,
      CursorKeeper cursors,
      ShardParking parking,
      Replay replay) {}

  /**
   * A follower of one shard.
   *
   * @param holder a name that no other process has, and no earlier life of this one
   * @param slowAfter how long a delivery may hold up the shard's main cursor
   */
  public ShardFollower(
      Node node,
      int shard,
      String holder,
      Directory directory,
      Matcher matcher,
      Dispatcher dispatcher,
      Parking parking,
      InstantSource clock,
      Duration slowAfter) {
    var vertx = node.vertx();
    this.shard = shard;
    this.directory = directory;
    this.matcher = matcher;
    this.dispatcher = dispatcher;
    this.parking = parking;
    this.clock = clock;
    this.slowMillis = slowAfter.toMillis();
    this.lease = new ShardLease(node.bus(), node.leaders(), System::nanoTime, shard, holder);
    this.client = new ShardClient(node.bus(), node.leaders(), shard);
    this.leaseTurns = new Turns(vertx, this::leaseTurn);
    this.mainTurns = new Turns(vertx, this::mainTurn);
    this.laneTurns = new Turns(vertx, () -> turn(followed -> followed.laneReader().turn()));
    this.cursorTurns = new Turns(vertx, () -> turn(this::moveCursors));
    this.parkTurns = new Turns(vertx, this::parkTurn);
    this.replayTurns = new Turns(vertx, () -> turn(followed -> followed.replay().turn()));
    register(node, "starling.webhooks.lag_seconds", "Age of what holds up a shard", true);
    register(node, "starling.webhooks.parked_lanes", "Integrations that do not keep up", false);
  }

  private void register(Node node, String name, String help, boolean lag) {
    Gauge.builder(name, this, self -> lag ? self.lagMillis / 1_000.0 : self.parked)
        .description(help)
        .tag("shard", Integer.toString(shard))
        .register(node.meters());
  }

  /** Starts following; does not wait for anything. */
  public void start() {
    for (var turns :
        List.of(leaseTurns, mainTurns, laneTurns, cursorTurns, parkTurns, replayTurns)) {
      turns.start();
    }
  }

  /** Starts attempts that have become due. To be called every now and then. */
  public void startDue() {
    if (following != null && !lease.isHeld()) {
      forget();
    }
    if (following != null) {
      following.lanes().startDue();
    }
  }

  /** Reads no more; completes when no cursor is being moved. What is under way goes on. */
  public Future<Void> stopReading() {
    // A read that waits for news is not waited for: once this has left, its answer is for nobody.
    var _ = Future.join(mainTurns.stop(), laneTurns.stop(), parkTurns.stop(), replayTurns.stop());
    return cursorTurns.stop();
  }

  /** Sets the cursors to where they may stand now, and lets another process take the shard. */
  public Future<Void> leave() {
    Future<?> last =
        following != null && connected ? following.cursors().turn() : Future.succeededFuture(0L);
    return last.timeout(LAST_CALLS_MILLIS, TimeUnit.MILLISECONDS)
        .transform(_ -> leaseTurns.stop())
        .compose(_ -> lease.release())
        .timeout(2 * LAST_CALLS_MILLIS, TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .onComplete(_ -> forget());
  }

  /** Whether this process follows the shard. */
  public boolean isOurs() {
    return ours;
  }

  /** The age of the oldest event that holds up the shard's main cursor, in milliseconds. */
  public long lagMillis() {
    return lagMillis;
  }

  /** How many integrations have a cursor of their own. */
  public int parked() {
    return parked;
  }

  private Future<Long> leaseTurn() {
    return lease
        .hold()
        .map(
            held -> {
              if (held && !ours) {
                mainTurns.wake();
              }
              return LEASE_EVERY_MILLIS;
            });
  }

  private Future<Long> mainTurn() {
    if (!lease.isHeld()) {
      forget();
      return Future.succeededFuture(NOT_OURS_MILLIS);
    }
    if (!connected || following == null) {
      return connect()
          .onSuccess(_ -> failures = 0)
          .recover(cause -> Future.succeededFuture(lost(cause)));
    }
    return turn(followed -> followed.main().turn());
  }

  private Future<Long> turn(Function<Following, Future<Long>> step) {
    var followed = following;
    if (followed == null || !connected || !lease.isHeld()) {
      return Future.succeededFuture(NOT_READY_MILLIS);
    }
    return step.apply(followed)
        .onSuccess(_ -> failures = 0)
        .recover(cause -> Future.succeededFuture(lost(followed, cause)));
  }

  /** What failed may belong to a life that is over: then it says nothing of the one at hand. */
  @SuppressWarnings("ReferenceEquality")
  private long lost(Following followed, Throwable cause) {
    return followed == following ? lost(cause) : NOT_READY_MILLIS;
  }

  private long lost(Throwable cause) {
    if (cause instanceof CursorKeeper.Superseded) {
      LOG.warn("Shard {} is followed by another too: {}", shard, cause.getMessage());
      forget();
    } else if (connected) {
      LOG.info("Shard {} cannot be followed for now: {}", shard, cause.getMessage());
    }
    disconnect();
    long bound = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures++, 5), LAST_PAUSE_MILLIS);
    return ThreadLocalRandom.current().nextLong(bound / 2, bound + 1);
  }

  private void disconnect() {
    connected = false;
    client.disconnect();
    if (following != null) {
      following.main().disconnected();
    }
  }

  private void forget() {
    if (following != null) {
      following.parking().close();
      following.lanes().close();
      following = null;
    }
    disconnect();
    ours = false;
    lagMillis = 0;
    parked = 0;
  }

  private Future<Long> connect() {
    if (directory.age().isEmpty()) {
      return Future.succeededFuture(NOT_READY_MILLIS);
    }
    return client
        .connect()
        .compose(_ -> following == null ? begin() : following.cursors().compare())
        .map(
            _ -> {
              connected = true;
              return 0L;
            });
  }

  /** Takes up what the journal says is to be done, with cursors of its own. */
  private Future<Void> begin() {
    return Notes.read(new NotesAtRelay(client, this::readAt), clock).compose(this::begin);
  }

  private Mark readAt() {
    return following == null ? Mark.at(JournalPosition.START) : following.main().readAt();
  }

  private Future<Void> begin(Notes notes) {
    return client
        .cursors(CursorName.PREFIX)
        .compose(
            held -> {
              int random = ThreadLocalRandom.current().nextInt();
              long life = CursorSet.nextLife(held.cursors(), clock.millis(), random);
              var left = CursorSet.latest(held.cursors());
              // Where there is no cursor at all, the first one must not be that of a lane.
              return left.isPresent()
                  ? Future.succeededFuture(begin(notes, held, life, left.get()))
                  : client
                      .setCursor(CursorName.main(life), held.start())
                      .map(
                          _ ->
                              begin(
                                  notes, held, life, new CursorSet(life, held.start(), Map.of())));
            })
        .mapEmpty();
  }

  private Following begin(Notes notes, RelayReply.Cursors held, long life, CursorSet left) {
    var parked = parking.of(shard, notes);
    var lanes =
        new Lanes(matcher, dispatcher, parked, slowMillis, laneTurns::wake, clock, this::readAt);
    left.lanes().forEach((id, position) -> resume(lanes, id, position));
    var main = left.main();
    var reader = new MainReader(client, matcher, lanes, dispatcher, clock, Mark.at(main));
    var begun =
        new Following(
            lanes,
            reader,
            new LaneReader(client, matcher, lanes, dispatcher, parked, reader::readAt),
            new CursorKeeper(client, lanes, reader::readAt, clock, life, main, held),
            parked,
            new Replay(client, matcher, lanes, parked));
    following = begun;
    ours = true;
    LOG.info("Shard {} is followed from {}", shard, main);
    return begun;
  }

  private void resume(Lanes lanes, IntegrationId id, JournalPosition position) {
    // One that is gone has no account any more; its lane is only there to be taken away.
    var account = directory.integration(id).map(found -> found.account()).orElse(NOBODY);
    lanes.resume(account, id, position);
  }

  /** Goes on while the shard has no leader: what is parked does not need one. */
  private Future<Long> parkTurn() {
    var followed = following;
    if (followed == null || !lease.isHeld()) {
      return Future.succeededFuture(NOT_READY_MILLIS);
    }
    var backlogs = followed.lanes().all().stream().map(lane -> lane.backlog).toList();
    return followed.parking().turn(backlogs, followed.lanes()::standing);
  }

  private Future<Long> moveCursors(Following followed) {
    long now = clock.millis();
    parked = followed.lanes().parked();
    lagMillis =
        Math.max(followed.main().behindMillis(), now - followed.lanes().oldestPublishedMillis(now));
    return followed.cursors().turn();
  }
}
