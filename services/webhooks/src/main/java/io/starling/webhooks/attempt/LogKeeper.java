package io.starling.webhooks.attempt;

import io.starling.postgres.DatabaseUnavailable;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the partition of tomorrow, and drops days that were kept long enough. */
public final class LogKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);

  private final AttemptStore store;
  private final Duration keep;
  private final InstantSource clock;

  /** A keeper of a log that is kept so long. */
  public LogKeeper(AttemptStore store, Duration keep, InstantSource clock) {
    this.store = store;
    this.keep = keep;
    this.clock = clock;
  }

  /** One look; what cannot be done now waits for the next. */
  public Future<Void> turn() {
    var tomorrow = day(Duration.ofDays(1));
    // All of a day has to be old enough.
    return store
        .keep(tomorrow, day(keep.negated()))
        .onFailure(
            cause -> {
              if (!(cause instanceof DatabaseUnavailable)) {
                LOG.info("Partitions of the log wait for the next turn: {}", cause.getMessage());
              }
            })
        .transform(_ -> Future.succeededFuture());
  }

  private LocalDate day(Duration fromNow) {
    return LocalDate.ofInstant(clock.instant().plus(fromNow), ZoneOffset.UTC);
  }
}
