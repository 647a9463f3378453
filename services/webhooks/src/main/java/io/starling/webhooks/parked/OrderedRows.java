package io.starling.webhooks.parked;

import io.starling.contract.JournalPosition;
import io.starling.webhooks.delivery.Mark;
import io.vertx.core.Future;
import java.util.List;

/**
 * Brings rows into memory in the order of the journal, for an integration that wants it. What fails
 * stays in memory and holds its device; what there is no room for because of that is let go of and
 * read again, as it is with what is read from the journal.
 */
final class OrderedRows {
  private static final int MOST_ROWS = 500;

  /** While one is all that is wanted, of a device that is not held up. */
  private static final int FEW_ROWS = 50;

  private static final long MOST_BYTES = 1 << 20;

  /** So often it is looked for rows that came to stand where was read already. */
  private static final long RESTART_MILLIS = 60_000;

  private final Parking parking;
  private final int shard;

  OrderedRows(Parking parking, int shard) {
    this.parking = parking;
    this.shard = shard;
  }

  /** Brings some; completes with whether there were any. */
  Future<Boolean> load(Drain drain, long now) {
    var again = drain.backlog.nextAgain();
    return again.isPresent() ? loadAgain(drain, again.get(), now) : loadNext(drain, now);
  }

  private Future<List<ParkedRow>> read(Drain drain, Mark from) {
    int most = drain.backlog.isProbing() ? FEW_ROWS : MOST_ROWS;
    return parking.store.after(shard, drain.integration, from, most, MOST_BYTES);
  }

  private Future<Boolean> loadNext(Drain drain, long now) {
    return read(drain, drain.readAt)
        .map(
            rows -> {
              for (var row : rows) {
                if (!take(drain, row, now)) {
                  return true;
                }
                drain.readAt = row.mark().after();
              }
              if (rows.isEmpty()) {
                restart(drain, now);
              }
              return !rows.isEmpty();
            });
  }

  private boolean take(Drain drain, ParkedRow row, long now) {
    // It is, if reading began anew.
    return drain.backlog.owes(row.event(), row.mark())
        || parking.dispatcher.offer(
            drain.backlog, row.delivery(drain.backlog.account(), now, parking.maxAgeMillis()));
  }

  /** What was given up stands where it stood, when it is to be sent again. */
  private static void restart(Drain drain, long now) {
    if (drain.backlog.isEmpty() || now - drain.restartedAtMillis > RESTART_MILLIS) {
      drain.restartedAtMillis = now;
      drain.readAt = Mark.at(JournalPosition.START);
    }
  }

  private Future<Boolean> loadAgain(Drain drain, Mark from, long now) {
    return read(drain, from)
        .map(
            rows -> {
              for (var row : rows) {
                if (!takeAgain(drain, row, now)) {
                  return true;
                }
              }
              var to = rows.isEmpty() ? drain.readAt : rows.getLast().mark().after();
              var _ = drain.backlog.readAgainTo(to, drain.readAt);
              return true;
            });
  }

  /** False if reading ends here, for now or because all others were looked at from here. */
  private boolean takeAgain(Drain drain, ParkedRow row, long now) {
    var backlog = drain.backlog;
    if (!backlog.readAgainTo(row.mark(), drain.readAt)) {
      return false;
    }
    return !backlog.wantsAgain(row.event(), row.mark())
        || parking.dispatcher.offerAgain(
            backlog, row.delivery(backlog.account(), now, parking.maxAgeMillis()));
  }
}
