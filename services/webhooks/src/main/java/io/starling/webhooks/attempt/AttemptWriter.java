package io.starling.webhooks.attempt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.starling.contract.AttemptsReply.Outcome;
import io.starling.postgres.DatabaseUnavailable;
import io.starling.webhooks.send.Exchanged;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds rows until they are written, a batch at a time; the newest, where there is no room for all.
 * Belongs to one event loop.
 */
public final class AttemptWriter implements AttemptLog {
  private static final Logger LOG = LoggerFactory.getLogger(AttemptWriter.class);

  /** Few enough that writing them holds up no event loop. */
  static final int BATCH = 256;

  private static final int BATCH_BYTES = 512 << 10;

  /** What the database refuses so often is no matter of time. */
  private static final int TRIES = 3;

  private final AttemptStore store;
  private final InstantSource clock;
  private final long mostBytes;
  private final Counter written;
  private final Counter dropped;
  private final ArrayDeque<AttemptRow> waiting = new ArrayDeque<>();
  private long bytes;
  private long nextId;

  // Of the batch that is under way.
  private boolean busy;
  private int tries;

  /**
   * A writer that holds so many bytes at most.
   *
   * @param store written to by nobody else of this process
   */
  public AttemptWriter(
      AttemptStore store, InstantSource clock, long mostBytes, MeterRegistry registry) {
    this.store = store;
    this.clock = clock;
    this.mostBytes = mostBytes;
    // Rows of two processes differ in the upper half, those of one come in order.
    this.nextId = (long) ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) << 32;
    written = counter(registry, "written", "Lines of the log of attempts that were written");
    dropped = counter(registry, "dropped", "Lines of the log of attempts that had no room");
    Gauge.builder("starling.webhooks.log_waiting", waiting, ArrayDeque::size)
        .description("Lines of the log of attempts that are not written yet")
        .register(registry);
  }

  private static Counter counter(MeterRegistry registry, String what, String description) {
    return Counter.builder("starling.webhooks.log_" + what)
        .description(description)
        .register(registry);
  }

  @Override
  public void attempted(Delivery delivery, Exchanged exchanged) {
    add(AttemptRow.of(delivery, exchanged, clock.millis(), nextId));
  }

  @Override
  public void ended(Delivery delivery, Outcome outcome, String reason) {
    add(AttemptRow.of(delivery, outcome, reason, clock.millis(), nextId));
  }

  private void add(List<AttemptRow> rows) {
    nextId += rows.size();
    for (var row : rows) {
      waiting.add(row);
      bytes += row.cost();
    }
    makeRoom();
  }

  private void makeRoom() {
    while (bytes > mostBytes && !waiting.isEmpty()) {
      bytes -= waiting.remove().cost();
      dropped.increment();
    }
  }

  /** Writes what waits, batch by batch, unless that is under way; completes when it stops. */
  public Future<Void> turn() {
    if (busy || waiting.isEmpty()) {
      return Future.succeededFuture();
    }
    busy = true;
    var batch = take();
    return store
        .insert(batch)
        .transform(
            done -> {
              busy = false;
              if (done.failed()) {
                failed(batch, done.cause());
                return Future.succeededFuture();
              }
              tries = 0;
              written.increment(batch.size());
              return batch.size() == BATCH ? turn() : Future.succeededFuture();
            });
  }

  private List<AttemptRow> take() {
    var batch = new ArrayList<AttemptRow>(Math.min(BATCH, waiting.size()));
    long size = 0;
    while (batch.size() < BATCH && size < BATCH_BYTES && !waiting.isEmpty()) {
      var row = waiting.remove();
      bytes -= row.cost();
      size += row.cost();
      batch.add(row);
    }
    return batch;
  }

  private void failed(List<AttemptRow> batch, Throwable cause) {
    if (!(cause instanceof DatabaseUnavailable) && ++tries >= TRIES) {
      LOG.warn("{} lines of the log of attempts are refused: {}", batch.size(), cause.getMessage());
      dropped.increment(batch.size());
      tries = 0;
      return;
    }
    for (var row : batch.reversed()) {
      waiting.addFirst(row);
      bytes += row.cost();
    }
    makeRoom();
  }

  /** Lines that are not written yet. */
  public int waiting() {
    return waiting.size();
  }

  /** Lines that had no room, since the start. */
  public long dropped() {
    return (long) dropped.count();
  }
}
