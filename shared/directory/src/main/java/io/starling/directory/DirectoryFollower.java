package io.starling.directory;

import io.starling.bootstrap.bus.Bus;
import io.starling.contract.DirectoryReply;
import io.starling.contract.DirectoryRequest;
import io.starling.contract.JournalPosition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Directory} in step with the directory log: a question that waits at the leader
 * until there is a change, again and again. One per process. Never gives up; while the leader
 * cannot be reached, the directory stays as it is and its age grows.
 */
public final class DirectoryFollower extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryFollower.class);
  private static final Duration WAIT = Duration.ofSeconds(1);

  /** Of a relay that is frozen or cut off, not longer: the next one is asked then. */
  private static final Duration ASK_LIMIT = WAIT.plusSeconds(1);

  private static final Duration PAGE_LIMIT = Duration.ofSeconds(4);
  private static final int PAGE_ROWS = 2_000;
  private static final int MAX_BYTES = 1 << 20;
  private static final long PAUSE_MILLIS = 200;

  private final Bus bus;
  private final Directory directory;
  private boolean stopped;
  private boolean reachable = true;

  /** Follows for one directory. */
  public DirectoryFollower(Bus bus, Directory directory) {
    this.bus = bus;
    this.directory = directory;
  }

  /** Starts following; does not wait for the first answer. */
  @Override
  public Future<?> start() {
    turnAgain(vertx);
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return Future.succeededFuture();
  }

  private void turnAgain(Vertx vertx) {
    turn()
        .onSuccess(
            done -> {
              reachable = true;
              next(vertx, 1);
            })
        .onFailure(
            cause -> {
              if (reachable && !stopped) {
                LOG.warn("The directory cannot be followed for now: {}", cause.getMessage());
              }
              reachable = false;
              next(vertx, PAUSE_MILLIS);
            });
  }

  private void next(Vertx vertx, long pauseMillis) {
    if (!stopped) {
      vertx.setTimer(pauseMillis, fired -> turnAgain(vertx));
    }
  }

  /** One question, and what it brings applied. */
  Future<Void> turn() {
    var from = directory.position();
    long wait = directory.age().isEmpty() ? 0 : WAIT.toMillis();
    return bus.ask(new DirectoryRequest.ReadChanges(from, MAX_BYTES, wait), ASK_LIMIT)
        .compose(
            reply ->
                switch (reply) {
                  case DirectoryReply.Changes changes -> {
                    directory.apply(changes.changes(), changes.next());
                    if (changes.changes().isEmpty() && changes.current()) {
                      directory.inStep();
                    }
                    yield Future.succeededFuture();
                  }
                  case DirectoryReply.SnapshotNeeded needed ->
                      readSnapshot("", JournalPosition.START);
                });
  }

  private Future<Void> readSnapshot(String after, JournalPosition start) {
    return bus.ask(new DirectoryRequest.ReadSnapshot(after, PAGE_ROWS), PAGE_LIMIT)
        .compose(
            page -> {
              // The least of all pages': changes made while the later pages are read come again,
              // which is harmless, and another relay may answer with less than the one before.
              boolean isLeast = after.isEmpty() || page.position().compareTo(start) < 0;
              var position = isLeast ? page.position() : start;
              String next = page.next();
              directory.apply(page.rows(), next == null ? position : directory.position());
              return next == null ? Future.succeededFuture() : readSnapshot(next, position);
            });
  }
}
