package io.starling.webhooks.parked;

import io.starling.contract.Event;
import io.starling.contract.IntegrationId;
import io.starling.postgres.Term;
import io.starling.webhooks.delivery.Backlog;
import io.starling.webhooks.delivery.Departure;
import io.starling.webhooks.delivery.Mark;
import io.starling.webhooks.match.Hook;
import io.starling.webhooks.note.Notes;
import io.starling.webhooks.note.PositionStore;
import io.starling.webhooks.note.Positions;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parking of one shard: takes what its lanes do not get rid of, and sends it later. One life of
 * a follower; belongs to one event loop.
 */
public final class ShardParking {
  private static final long EVERY_MILLIS = 20;
  private static final long TIDY_MILLIS = 5_000;
  private static final int MOST_ROWS = 1_000;

  private final Parking parking;
  private final int shard;
  private final Notes notes;
  private final Drainer drainer;
  private long tidiedAtMillis;
  private @Nullable Positions written;

  ShardParking(Parking parking, int shard, Notes notes) {
    this.parking = parking;
    this.shard = shard;
    this.notes = notes;
    this.drainer = new Drainer(parking, shard, notes);
  }

  /** A lane has opened its backlog. */
  public void opened(Backlog backlog) {
    backlog.departures().keepDead(parking.limits.waitingDead());
  }

  /** Tells whether the database can be written to. */
  public boolean isReady() {
    return parking.isReady() && notes.term().isPresent();
  }

  /**
   * Tells whether what an integration is owed is to be parked: because nobody takes it for now. In
   * order, also because a single device is held up: all others would hold the journal with it.
   */
  public boolean wants(Backlog backlog, Hook hook) {
    return isReady()
        && (hook.isPaused() || isDown(backlog) || (hook.terms().ordered() && isHeldUp(backlog)));
  }

  /** Tells whether newer events of an integration have to wait behind rows that are parked. */
  public boolean isAhead(Hook hook) {
    return hook.terms().ordered() && notes.isParked(hook.integration().id());
  }

  /** Tells whether rows of an integration may be missing in the database. */
  public boolean isStale(IntegrationId integration) {
    return notes.isStale(integration);
  }

  private boolean isDown(Backlog backlog) {
    return backlog.isDownFor(parking.clock.millis(), parking.limits.after().toMillis());
  }

  private boolean isHeldUp(Backlog backlog) {
    return backlog.oldestHeldMillis(parking.clock.millis()) > parking.limits.after().toMillis();
  }

  /** A place to put events of a lane. */
  public Parcel parcel(IntegrationId integration) {
    return new Parcel(integration);
  }

  /** Events of one lane that are parked together. */
  public final class Parcel {
    private final IntegrationId integration;
    private final List<ParkedRow> rows = new ArrayList<>();

    Parcel(IntegrationId integration) {
      this.integration = integration;
    }

    /** Puts an event in. */
    public void add(Event event, Mark mark) {
      long now = parking.clock.millis();
      rows.add(ParkedRow.untried(event, mark, now, parking.maxAgeMillis()));
    }

    /** Completes with whether they are parked: only then a cursor may pass them. */
    public Future<Boolean> park() {
      return rows.isEmpty() ? Future.succeededFuture(true) : insert(integration, rows);
    }
  }

  private Future<Boolean> insert(IntegrationId integration, List<ParkedRow> rows) {
    boolean parked = rows.stream().anyMatch(row -> row.state() == ParkedRow.State.PARKED);
    return notes
        .writing(integration, parked, () -> write(integration, rows))
        // Who cannot note it does not write.
        .otherwise(false);
  }

  private Future<Boolean> write(IntegrationId integration, List<ParkedRow> rows) {
    return parking
        .store
        .insert(shard, integration, rows)
        .onSuccess(_ -> drainer.owe(integration))
        .map(true)
        .otherwise(
            cause -> {
              parking.failed(cause);
              return false;
            });
  }

  /** Those whose rows may be missing, because the database is another than they were written to. */
  public List<IntegrationId> stale() {
    return parking.isReady() ? notes.stale() : List.of();
  }

  /** What the database knows of how far the shard had come. */
  public Future<PositionStore.Read> known() {
    return parking.positions.read(shard).onFailure(parking::failed);
  }

  /** What was missing of an integration in the database of a term is there again. */
  public Future<Void> replayed(IntegrationId integration, Term term) {
    return notes.replayed(integration, term);
  }

  /**
   * One round; completes with the pause until the next. Does not fail.
   *
   * @param lanes whose deliveries may be parked
   * @param standing how far the shard's deliveries have come
   */
  public Future<Long> turn(Collection<Backlog> lanes, Supplier<Positions> standing) {
    if (!parking.isReady()) {
      return Future.succeededFuture(EVERY_MILLIS);
    }
    var moves = new ArrayList<Future<?>>();
    lanes.forEach(lane -> moves.add(move(lane)));
    moves.add(drainer.turn());
    moves.add(tidy(standing));
    return Future.join(moves).map(EVERY_MILLIS).otherwise(EVERY_MILLIS);
  }

  private Future<?> tidy(Supplier<Positions> standing) {
    long now = parking.clock.millis();
    if (now - tidiedAtMillis < TIDY_MILLIS) {
      return Future.succeededFuture();
    }
    tidiedAtMillis = now;
    return Future.join(notes.tidy(), write(standing.get()));
  }

  /** As long as rows may be missing, what the database says tells from where on. */
  private Future<?> write(Positions standing) {
    var term = notes.term();
    return term.isEmpty() || standing.equals(written) || !notes.stale().isEmpty()
        ? Future.succeededFuture()
        : parking
            .positions
            .write(shard, standing, term.get())
            .onSuccess(_ -> written = standing)
            .onFailure(parking::failed);
  }

  /** In the order of the journal, bounded: what is too much for one round follows in the next. */
  private Future<?> move(Backlog lane) {
    var taken = new ArrayList<>(lane.departures().take(MOST_ROWS));
    taken.addAll(stale(lane));
    if (taken.isEmpty()) {
      return Future.succeededFuture();
    }
    long maxAge = parking.maxAgeMillis();
    var rows = taken.stream().map(one -> ParkedRow.of(one, maxAge)).toList();
    return insert(lane.integration(), rows).onSuccess(parked -> end(lane, taken, parked));
  }

  private static void end(Backlog lane, List<Departure> taken, boolean parked) {
    if (parked) {
      lane.departures().told(taken);
    } else {
      lane.departures().stay(taken);
    }
  }

  private List<Departure> stale(Backlog lane) {
    var hook = parking.matcher.find(lane.account(), lane.integration());
    if (hook.filter(found -> found.terms().ordered()).isPresent()) {
      return List.of();
    }
    long held = parking.limits.after().toMillis();
    return lane.departures().takeStale(parking.clock.millis(), held, MOST_ROWS);
  }

  /** Its life is over: what is under way ends without consequence. */
  public void close() {
    drainer.close();
  }
}
