package io.starling.http.rate;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.EdgeHint;
import io.vertx.core.Future;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who fails so often in a row, wherever in the region, is not heard for a while. An attempt that is
 * under way counts as a failure until it is known to be none. Knows the last 20,000 who failed.
 * Thread-safe.
 */
public final class FailedAttempts implements Shareable {
  private static final int MAX_KEYS = 20_000;

  private final Bus bus;
  private final int inRow;
  private final long blockNanos;
  private final LongSupplier nanos;
  private final String node = UUID.randomUUID().toString();
  private final Map<String, Row> rows =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Row> eldest) {
          return size() > MAX_KEYS;
        }
      };

  /** Failures, attempts that may become some, and until when nothing is heard. */
  private record Row(int failed, int open, @Nullable Long blockedUntil) {}

  /** How an attempt ended. */
  public enum Outcome {
    /** The secret was right. */
    RIGHT,
    /** The secret was wrong. */
    WRONG,
    /** It did not come to that. */
    NEITHER
  }

  /**
   * Nobody failed yet.
   *
   * @param inRow how often somebody may fail in a row; 0 for any number
   */
  public FailedAttempts(Bus bus, int inRow, Duration block, LongSupplier nanos) {
    this.bus = bus;
    this.inRow = inRow;
    this.blockNanos = block.toNanos();
    this.nanos = nanos;
  }

  /** Hears of what happens at the other nodes from now on. */
  public Future<?> listen() {
    return bus.listen(EdgeHint.ADDRESS, EdgeHint.class, this::heard);
  }

  /**
   * Begins an attempt, which {@link #end} must end.
   *
   * @return after how many seconds to come back; empty if it has begun
   */
  public synchronized OptionalInt begin(String address) {
    if (inRow == 0) {
      return OptionalInt.empty();
    }
    String place = Place.of(address);
    var row = row(place);
    if (row.blockedUntil() != null) {
      return OptionalInt.of(secondsUntil(row.blockedUntil()));
    }
    if (row.failed() + row.open() >= inRow) {
      return OptionalInt.of(1);
    }
    rows.put(place, new Row(row.failed(), row.open() + 1, null));
    return OptionalInt.empty();
  }

  /** Ends an attempt. */
  public void end(String address, Outcome outcome) {
    if (inRow == 0) {
      return;
    }
    String place = Place.of(address);
    boolean tell;
    synchronized (this) {
      var row = row(place);
      tell = outcome == Outcome.WRONG || (outcome == Outcome.RIGHT && row.failed() > 0);
      count(place, new Row(row.failed(), Math.max(0, row.open() - 1), row.blockedUntil()), outcome);
    }
    if (tell) {
      bus.publish(new EdgeHint.Attempted(node, place, outcome == Outcome.WRONG));
    }
  }

  private void heard(EdgeHint hint) {
    switch (hint) {
      case EdgeHint.Attempted(var sender, var place, boolean failed) -> {
        if (!sender.equals(node)) {
          synchronized (this) {
            count(place, row(place), failed ? Outcome.WRONG : Outcome.RIGHT);
          }
        }
      }
    }
  }

  private void count(String place, Row row, Outcome outcome) {
    var next =
        switch (outcome) {
          // Whoever is blocked stays blocked: what was under way may have been right.
          case RIGHT -> new Row(0, row.open(), row.blockedUntil());
          case WRONG -> {
            int failed = row.failed() + 1;
            Long until = row.blockedUntil();
            yield new Row(
                failed,
                row.open(),
                until == null && failed >= inRow
                    ? Long.valueOf(nanos.getAsLong() + blockNanos)
                    : until);
          }
          case NEITHER -> row;
        };
    if (next.failed() == 0 && next.open() == 0 && next.blockedUntil() == null) {
      rows.remove(place);
    } else {
      rows.put(place, next);
    }
  }

  /** What is known of a place now; a block that is over takes its failures along. */
  private Row row(String place) {
    var row = rows.getOrDefault(place, new Row(0, 0, null));
    return row.blockedUntil() != null && row.blockedUntil() - nanos.getAsLong() <= 0
        ? new Row(0, row.open(), null)
        : row;
  }

  private int secondsUntil(long moment) {
    long left = moment - nanos.getAsLong();
    return (int) Math.max(1, Duration.ofNanos(left).plusMillis(999).toSeconds());
  }
}
