package io.starling.accounts.imports;

import io.starling.contract.ImportsReply.Progress;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.postgres.change.ConfigurationWriter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes imports in, a piece a turn. Several loops at once, or one that died in the middle, do no
 * harm. Belongs to one event loop.
 */
public final class ImportLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ImportLoop.class);
  private static final int MAX_FAILURES = 5;

  /** Between pieces, for others who write. */
  private static final long PAUSE_MILLIS = 10;

  private static final long IDLE_MILLIS = 2_000;

  private final Vertx vertx;
  private final ConfigurationWriter writer;
  private final ImportStore store = new ImportStore();
  private final ImportDeviceStore devices = new ImportDeviceStore();
  private long timer;
  private boolean started;
  private boolean turning;
  private boolean stopped;

  /** A loop that writes through this writer. */
  public ImportLoop(Vertx vertx, ConfigurationWriter writer) {
    this.vertx = vertx;
    this.writer = writer;
  }

  /** Starts looking. */
  public void start() {
    started = true;
    schedule(1);
  }

  /** Stops after the turn at hand. */
  public void stop() {
    stopped = true;
  }

  /** Looks now. */
  void wake() {
    if (started && !turning) {
      vertx.cancelTimer(timer);
      run();
    }
  }

  private void schedule(long afterMillis) {
    if (!stopped) {
      timer = vertx.setTimer(afterMillis, fired -> run());
    }
  }

  private void run() {
    if (stopped) {
      return;
    }
    turning = true;
    turn()
        .onComplete(done -> turning = false)
        .onSuccess(worked -> schedule(worked ? PAUSE_MILLIS : IDLE_MILLIS))
        .onFailure(
            cause -> {
              LOG.warn("Imports wait for now: {}", cause.getMessage());
              schedule(IDLE_MILLIS);
            });
  }

  /** Takes one piece in; tells whether there was one. */
  Future<Boolean> turn() {
    var taken = new AtomicReference<ImportStore.@Nullable Taken>();
    return writer
        .write(
            connection ->
                store
                    .take(connection)
                    .compose(
                        found -> {
                          if (found.isEmpty()) {
                            return Future.succeededFuture(false);
                          }
                          taken.set(found.get());
                          return read(connection, found.get()).map(true);
                        }))
        .map(ConfigurationWriter.Written::value)
        .recover(cause -> failed(taken.get(), cause));
  }

  /** What the database is not to blame for would happen again, and again. */
  private Future<Boolean> failed(ImportStore.@Nullable Taken taken, Throwable cause) {
    if (taken == null || cause instanceof DatabaseUnavailable) {
      return Future.failedFuture(cause);
    }
    LOG.warn("A piece of import {} could not be taken in: {}", taken.id(), cause.toString());
    return writer
        .write(connection -> store.countFailure(connection, taken.id(), MAX_FAILURES))
        .map(true);
  }

  private Future<Void> read(SqlConnection connection, ImportStore.Taken taken) {
    return store
        .piece(connection, taken)
        .compose(
            piece -> {
              var lines = ImportLines.of(taken.columns(), piece.firstLine(), piece.lines());
              var batch = new ImportBatch(lines);
              return known(connection, taken, batch)
                  .compose(
                      known -> {
                        batch.sort(known);
                        return write(connection, taken, batch, known.groups());
                      });
            });
  }

  private Future<ImportBatch.Known> known(
      SqlConnection connection, ImportStore.Taken taken, ImportBatch batch) {
    int product = taken.product();
    return devices
        .lock(connection, batch.ids(), product, taken.owner())
        .compose(
            found ->
                devices
                    .groups(connection, product, batch.groupNames())
                    .compose(
                        groups ->
                            devices
                                .serialNumbers(connection, product, batch.serialNumbers())
                                .map(
                                    numbers -> {
                                      var inside = new HashSet<>(found.keySet());
                                      inside.removeIf(id -> !found.getOrDefault(id, false));
                                      var free = new HashSet<>(found.keySet());
                                      free.removeAll(inside);
                                      return new ImportBatch.Known(inside, free, numbers, groups);
                                    })));
  }

  private Future<Void> write(
      SqlConnection connection,
      ImportStore.Taken taken,
      ImportBatch batch,
      Map<String, String> groups) {
    return devices
        .write(connection, taken.product(), batch.toWrite(), groups)
        .compose(_ -> devices.create(connection, taken, batch.toCreate(), groups))
        .compose(
            created ->
                devices.label(connection, taken.product(), batch.toLabel()).map(_ -> created))
        .compose(
            created -> {
              Progress made = batch.progress(created);
              return store.advance(connection, taken, batch.columns(), made, batch.problems());
            });
  }
}
