package io.starling.webhooks.parked;

import io.starling.postgres.PrimaryPool;
import io.starling.webhooks.delivery.Dispatcher;
import io.starling.webhooks.match.Matcher;
import io.starling.webhooks.note.Notes;
import io.starling.webhooks.note.PositionStore;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the parking of all shards of a node shares. Belongs to one event loop. */
public final class Parking {
  private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

  /** So long nothing is tried after the database has failed. */
  private static final long AFTER_FAILURE_MILLIS = 500;

  final ParkedStore store;
  final PositionStore positions;
  final SweepStore sweepStore;
  final Dispatcher dispatcher;
  final Matcher matcher;
  final ParkingLimits limits;
  final InstantSource clock;
  private final BooleanSupplier ready;
  private long failedAtMillis;

  /**
   * The parking of one node.
   *
   * @param ready tells whether the database is there, with its tables
   */
  public Parking(
      PrimaryPool pool,
      BooleanSupplier ready,
      Dispatcher dispatcher,
      Matcher matcher,
      ParkingLimits limits,
      InstantSource clock) {
    this.store = new ParkedStore(pool);
    this.positions = new PositionStore(pool);
    this.sweepStore = new SweepStore(pool);
    this.ready = ready;
    this.dispatcher = dispatcher;
    this.matcher = matcher;
    this.limits = limits;
    this.clock = clock;
  }

  /** The parking of one shard, for one life of its follower, with the notes as they stand. */
  public ShardParking of(int shard, Notes notes) {
    return new ShardParking(this, shard, notes);
  }

  boolean isReady() {
    return ready.getAsBoolean() && clock.millis() - failedAtMillis >= AFTER_FAILURE_MILLIS;
  }

  void failed(Throwable cause) {
    failedAtMillis = clock.millis();
    LOG.info("Deliveries cannot be parked for now: {}", cause.getMessage());
  }

  long maxAgeMillis() {
    return limits.maxAge().toMillis();
  }
}
